// Stands at the head of the page, with its messages in the reader's language. The other scripts take from here
// what they say: const { _, ngettext } = window.aq;
window.aq = (({ language, messages }) => {
  const choose = (n) => Number({plural});
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const number = new Intl.NumberFormat(language);
  return {
    language,
    number: (value) => number.format(value),
    _: (message, values = {}) => fill(messages[message] ?? message, values),
    // In the message, {n} is the count.
    ngettext(one, many, n, values = {}) {
      const forms = messages[one] ?? [one, many];
      return fill(forms[choose(n)] ?? many, { n: number.format(n), ...values });
    },
  };
})({messages});
