"""Sentence boundaries, case by case, and what every list of spans keeps to whatever the text."""

import sys
import unicodedata
from itertools import pairwise
from types import FrameType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.article import Span
from index.text.sentences import MAX_SENTENCE, sentence_spans

# An id begins with the case's language. "|" marks where one sentence ends and the next may begin; it
# is no part of the text.
CASES = {
    "en-plain": "The council met on Monday.| It approved the plan.| Nobody objected.",
    "en-titles": "Mr. Holt and Mrs. Vane arrived late.| Dr. Imrie had already left.",
    "en-initials": "J. K. Rowling wrote seven of them.| George R. R. Martin is still writing.",
    "en-us-inside": "The U.S. economy grew by 2.5 percent.| The E.U. lagged behind.",
    "en-us-before-name": "The U.S. Senate passed the bill.| The House will vote on Friday.",
    "en-us-at-end": "She moved back to the U.S.| Her brother stayed in Kenya.",
    "en-pm-inside": "Doors open at 7 p.m. and close at midnight.| Tickets cost $12.50.",
    "en-pm-at-end": "The train left at 4 p.m.| We missed it by two minutes.",
    "en-am-weekday": "The court sits at 10 a.m. Monday in Denver.| Both sides will speak.",
    "en-inc": "Apple Inc. was founded in a garage.| Nobody expected that.",
    "en-corp-at-end": "He then joined Acme Corp.| The job bored him.",
    "en-number": "Clause No. 5 was deleted.| See Fig. 3 for details.",
    "en-no-as-word": "Did he pay?| No.| He never does.",
    "en-eg": "Some birds, e.g. penguins, cannot fly.| Others, i.e. most of them, can.",
    "en-eg-the": "Newspapers, e.g. The Times, were sceptical.| Readers were not.",
    "en-versus": "In Brown vs. Topeka the court was of one mind.| The ruling still stands.",
    "en-month": "The store opened on Jan. 4, 1998.| It closed in Sept. 2011.",
    "en-saint": "St. Petersburg lies on the Neva.| He lives at 12 Elm St. in Boston.",
    "en-ranks": "Gen. Mark Ridley briefed Sen. Ann Cole and Gov. Tom Reyes.| Lt. Kim Boyd took notes.",
    "en-decimals": "Inflation fell to 3.5 percent from 4.1 in May.| Sales reached 1,200,000 units.",
    "en-url": "Visit www.example.com for details.| Or write to info@example.org today.",
    "en-url-at-end": "The file is at https://example.com/a.b?c=d.| Ask before you copy it.",
    "en-domain": "Amazon.com was down on Tuesday.| So was Booking.com.",
    "en-version": "Version 2.0.1 fixes the crash.| Python 3.11 is required.",
    "en-ellipsis-inside": "He paused ... and then went on.| Nobody spoke.",
    "en-ellipsis-sign": "I wonder… maybe not.| Let us go.",
    "en-ellipsis-at-end": "And then, silence...| The lights came back at nine.",
    "en-ellipsis-spaced": "He waited . . . and waited.| The bus never came.",
    "en-attribution": "“Is it over?” she asked.| Nobody knew.",
    "en-attribution-straight": '"Stop!" he shouted.| The car sped away.',
    "en-quoted-sentences": "“We will not yield.| We will fight on,” the minister said.| Then he left.",
    "en-quote-at-end": 'He said: "The talks have failed."| Reporters left the room.',
    "en-stop-after-quote": 'They called it "the end of an era".| The club disagreed.',
    "en-quotes-in-a-row": "“Who is there?”| “Only me.”| “Come in, then.”",
    "en-nested-quotes": "She said, “He told me ‘never again.’”| Then she sat down.",
    "en-bracketed-sentence": "The rest was lost.| (The archive burned in 1944.)| Nobody rebuilt it.",
    "en-bracket-inside": "The plan (see p. 12) failed.| A new one followed.",
    "en-interrobang": "You did what?!| I cannot believe it!!| Really?",
    "en-exclamation-name": "Yahoo! said on Monday that profits rose.| Its shares jumped.",
    "en-inline-list": "1. Open the lid.| 2. Add water.| 3. Wait.",
    "en-year-at-end": "He was born in 1984.| He died in 2020.",
    "en-age-at-end": "The singer died at the age of 72.| Jackson had been ill for years.| She was loved.",
    "en-degree": "She holds a Ph.D. in physics.| Her thesis won a prize.",
    "en-etc-at-end": "They sell apples, pears, etc.| Prices are low.",
    "en-plan-b": "It was time for plan B.| The other one had failed.",
    "en-units": "He weighed 80 kg.| She weighed 60.",
    "en-ltd": "Marks Ltd. said profit fell.| Shares dropped.",
    "en-footnote": "The war ended in 1945.[3]| Reconstruction took years.[4][5]| Trade grew.",
    "en-dateline": "WASHINGTON (AP) — The court ruled.| It was close.",
    "en-camel-case": "He wanted a phone.| iPhones were too dear.",
    "en-starts-with-number": "The fire spread fast.| 40 people fled.",
    "en-money": "Shares closed at $3.| Rivals did better.",
    "en-junior": "Martin Luther King Jr. spoke first.| Robert Downey Jr. came later.",
    "en-et-al": "This was shown by Smith et al. in 2004.| Others disagree (Jones et al. 2010).",
    "en-art-as-word": "He loves art.| She loves music.",
    "en-lower-case-text": "i went home.| it was late.| we slept.",
    "en-omission": "The report is long.| [...] Its end is short.",
    "en-fbi": "The F.B.I. declined to comment.| Agents left at noon.",
    "en-titles-and-degrees": "Prof. Ann Lee, Ph.D., spoke first.| Rep. Joe Hall followed.",
    "en-quote-resumed": "“We lost,” Smith said.| “It hurts.”",
    "en-attribution-name": "“Are we safe?” Mr. Smith asked.| No one answered.",
    "en-plc": "Sales at Tesco plc. rose.| Profit fell 3% to £1.2bn.",
    "en-money-inside": "He earned $5.2 million in fiscal 2003.| Analysts expected less.",
    "en-inc-at-end": "I work at Acme Inc.| My boss is kind.",
    "en-reverend": "The Rev. John Cole of St. Mary's Church resigned.| He was 61.",
    "en-reference": "See Smith (1999, pp. 12-14).| The effect is small.",
    "en-single-quotes": "Is it true?’| ‘Yes.’",
    "en-approx": "It costs approx. 5 dollars.| Bring cash.",
    "en-dc-at-end": "She was born on Feb. 3, 1950, in Washington, D.C.| She grew up in Ohio.",
    "en-dc-inside": "Washington, D.C. residents voted.| Turnout was low.",
    "en-single-quote-at-end": "He said: 'I am done.'| Nobody replied.",
    "en-scores": "Chelsea won 2-0.| Arsenal drew 1-1.| Leeds lost.",
    "de-plain": "Der Rat tagte am Montag.| Er stimmte zu.| Niemand widersprach.",
    "de-titles": "Dr. Müller und Prof. Dr. Schmidt sprachen mit Frau Dr. h. c. Weber.| Sie waren sich einig.",
    "de-zb": "Obst, z. B. Äpfel, ist gesund.| Das gilt auch für Gemüse.",
    "de-zb-closed": "Manche Tiere, z.B. Katzen, schlafen viel.| Andere schlafen kaum.",
    "de-dh": "Er kommt übermorgen, d. h. am Freitag.| Bis dahin warten wir.",
    "de-ua": "Dabei waren u. a. Peter Kern und Anna Lutz.| Später kam Jonas.",
    "de-ua-article": "Sie schrieb u. a. Die Reise nach Bern.| Das Buch ist vergriffen.",
    "de-bzw": "Die Kosten bzw. Ausgaben steigen.| Das ärgert viele.",
    "de-nr": "Das Haus Nr. 12 brennt.| Die Feuerwehr kam sofort.",
    "de-date": "Am 12. Mai begann der Streik.| Er dauerte bis zum 3. Juni.",
    "de-date-at-end": "Der Feiertag ist am 3. Oktober.| Viele haben dann frei.",
    "de-date-digits": "Sie wurde am 3. 10. 1990 geboren.| Ihr Vater war Lehrer.",
    "de-date-range": "Vom 11. bis 13. August bleibt das Amt zu.| Danach gilt der Winterplan.",
    "de-ordinal-noun": "Im 2. Weltkrieg wurde die Stadt zerstört.| Danach baute man sie wieder auf.",
    "de-ordinal-century": "Das 21. Jahrhundert begann friedlich.| Das blieb nicht so.",
    "de-ordinal-league": "Der Verein steigt in die 2. Bundesliga ab.| Der Trainer geht.",
    "de-year-at-end": "Sie kam im Jahr 1984.| Ihr Bruder folgte 1990.| Die Eltern blieben dort.",
    "de-number-at-end": "Das Spiel endete 3 zu 2.| Der Trainer war zufrieden.",
    "de-roman": "Kaiser Wilhelm II. dankte 1918 ab.| Er ging nach Doorn.",
    "de-attribution": "„Das ist genug!“ rief er.| Dann ging er.",
    "de-attribution-comma": "„Wir bleiben“, sagte er.| Niemand widersprach.",
    "de-attribution-question": "„Kommst du mit?“, fragte sie.| Er nickte.",
    "de-quote-at-end": "„Wir haben verloren.“| Mit diesen Worten trat sie ab.",
    "de-quote-introduced": "Er sagte: „Das reicht nicht.“| Dann verließ er den Saal.",
    "de-guillemets": "»Halt!« rief der Posten.| Niemand blieb stehen.",
    "de-guillemets-end": "»Wir gehen nicht.«| Der Satz stand am Tor.",
    "de-single-quotes": "Er nannte es ‚ein Wunder‘.| Andere lachten.",
    "de-thousands": "Das kostet 1.200.000 Euro, also 3,5 Prozent des Etats.| Das ist zu viel.",
    "de-street": "Er wohnt in der Hauptstr. 5 in Köln.| Dort ist es laut.",
    "de-usw-at-end": "Es gab Äpfel, Birnen usw.| Alle wurden satt.",
    "de-usw-inside": "Äpfel, Birnen usw. waren ausverkauft.| Brot gab es noch.",
    "de-millions": "Der Umsatz stieg auf 12 Mio. Euro.| Der Gewinn sank um 3 Mrd. Dollar.",
    "de-ca": "Es kamen ca. 300 Gäste.| Das Essen reichte nicht.",
    "de-sog": "Die sog. Reichsbürger demonstrierten.| Die Polizei griff ein.",
    "de-co-kg": "Die Muster GmbH & Co. KG ist pleite.| 40 Leute verlieren ihre Stelle.",
    "de-law": "Nach § 5 Abs. 2 Nr. 3 StGB ist das strafbar.| Das Gericht sah es anders.",
    "de-time": "Um 18.30 Uhr geht es los.| Einlass ist um 17 Uhr.",
    "de-initials": "Der Dirigent H. v. Karajan probte lange.| J. S. Bach hätte es gefallen.",
    "de-ellipsis": "Er wollte noch etwas sagen … doch er schwieg.| Dann ging er.",
    "de-ellipsis-noun": "Er hatte … Angst.| Das sah man ihm an.",
    "de-saint": "St. Pölten liegt in Niederösterreich.| St. Gallen liegt in der Schweiz.",
    "de-cf": "Das ist bekannt (vgl. Kap. 3).| Neu ist die Methode.",
    "de-bc": "Rom wurde 753 v. Chr. gegründet.| So will es die Sage.",
    "de-heading": "Neue Brücke eröffnet|\n\nDie Brücke ist fertig.| Sie kostete 3 Mio. Euro.",
    "de-list": "- Milch|\n- Brot|\n- 2 Eier",
    "de-exclaimed-bracket": "Er kam am Dienstag (!) Abend an.| Alle staunten.",
    "de-more-1": "Der Papst, Benedikt XVI., trat 2013 zurück.| Sein Nachfolger heißt Franziskus.",
    "de-more-2": "Das gilt seit dem 1. Januar 2020.| Bis dahin war es anders.",
    "de-more-3": "Er wurde 72.| Seine Frau starb früher.",
    "de-more-4": "Im Sept. 2019 kam Gen. a. D. Kurz nach Berlin.| Er blieb drei Tage.",
    "de-more-5": "Sie fragte: „Warum ich?“| Keiner wusste es.",
    "de-more-6": "„Warum ich?“, fragte sie; „warum nicht du?“| Keiner wusste es.",
    "de-more-7": "Das Konzert beginnt um 20.15 Uhr.| Karten kosten 12,50 Euro.",
    "de-more-8": "Die 1. Mannschaft gewann, die 2. Mannschaft verlor.| So ist der Sport.",
    "de-more-9": "Lt. Polizei wurde niemand verletzt.| Der Schaden ist gering.",
    "de-more-10": "Der FC Bayern liegt auf Platz 1.| Der BVB folgt auf Platz 2.",
    "de-more-11": "Max. 5 Personen dürfen hinein.| Kinder zählen nicht.",
    "de-more-12": "Der Minister (SPD) sagte dem „Spiegel“: „Wir prüfen das.“| Mehr sagte er nicht.",
    "de-more-13": "Nach Art. 5 Abs. 1 Satz 2 GG ist die Presse frei.| Das gilt.",
    "de-more-14": "Sie wohnt Am Alten Markt 3.| Dort ist es ruhig.",
    "de-more-15": "Das Buch erschien 1998 bei Suhrkamp, Frankfurt a. M.| Es ist vergriffen.",
    "fr-plain": "Le maire est venu lundi.| Il a parlé une heure.| Personne n’a posé de question.",
    "fr-titles": "M. Dupont et Mme. Leroy sont arrivés.| Ils ont salué Mlle. Petit.",
    "fr-attribution": "« Est-ce fini ? » demanda-t-elle.| Personne ne répondit.",
    "fr-spaced-marks": "Vous venez ?| Bien sûr !| À demain.",
    "fr-quote-at-end": "« Nous avons gagné. »| La foule applaudit.",
    "fr-no-break-spaces": "«\u00a0Viens\u202f!\u00a0» dit-il.| Elle sourit.",
    "fr-etc-at-end": "Il vend des pommes, des poires, etc.| Les prix sont bas.",
    "fr-bc": "Le temple date du Ve siècle av. J.-C. environ.| Les ruines sont célèbres.",
    "fr-initials": "Le livre de J.-P. Sartre est célèbre.| A. Camus l’a critiqué.",
    "fr-ellipsis": "Il hésita… puis il partit.| La porte claqua.",
    "fr-page": "Voir le tableau (cf. p. 14).| Le reste est connu.",
    "fr-more-1": "Le Dr. Martin et le Pr. Blanc ont signé.| M. Le Pen a refusé.",
    "fr-more-2": "« Je pars », dit-elle.| Il la regarda.",
    "fr-more-3": "Il est né en 1950 à St. Malo.| Il y vit encore.",
    "fr-more-4": "Le no. 5 est épuisé.| Le no. 6 arrive.",
    "fr-more-5": "L’O.N.U. a voté.| La Chine s’est abstenue.",
    "es-inverted": "¿Qué hora es?| ¡Es tarde!| Vámonos.",
    "es-titles": "El Sr. García y la Sra. López llegaron.| La Dra. Ruiz no vino.",
    "es-eeuu": "Viajó a EE. UU. en mayo.| Volvió en julio.",
    "es-eeuu-at-end": "Ahora vive en EE. UU.| Su madre sigue en Lima.",
    "es-number": "Vive en la calle Mayor, núm. 12.| La casa es azul.",
    "es-attribution": "«¿Vienes?», preguntó ella.| Él no contestó.",
    "es-dashes": "—No lo sé —dijo Juan—.| Nadie habló.",
    "es-usted": "¿Cómo está Ud. hoy?| Bien, gracias.",
    "es-thousands": "Subió un 3,5 % hasta 1.200.000 euros.| Es un récord.",
    "es-bc": "Murió en el 44 a. C. en Roma.| Nadie lo lloró.",
    "es-inverted-inside": "Y entonces, ¿qué pasó?| Nada.",
    "es-more-1": "¡Qué bien!, dijo Ana.| Luego se fue.",
    "es-more-2": "La empresa Gómez S.A. cerró.| Sus 30 empleados protestan.",
    "es-more-3": "Nació el 3 de mayo de 1950 en Sta. Cruz.| Fue maestro.",
    "es-more-4": "Págs. 10 a 15.| El resto falta.",
    "it-titles": "Il sig. Rossi e la dott.ssa Bianchi sono usciti.| Il prof. Verdi è rimasto.",
    "it-attribution": "«Sei sicuro?» chiese Marco.| Lei annuì.",
    "it-century": "Nel sec. XV Firenze era ricca.| Poi decadde.",
    "it-ellipsis": "Non so... forse domani.| Vedremo.",
    "it-article": "L’art. 3 è chiaro.| Lo dice anche la Corte.",
    "it-more-1": "Giovanni Paolo II morì nel 2005.| Aveva 84 anni.",
    "it-more-2": "«Vieni?»| «No.»| Lui uscì.",
    "it-more-3": "La S.p.A. ha chiuso.| I soci protestano.",
    "pt-titles": "O Sr. Silva e a Dra. Costa chegaram.| A reunião começou às 9h.",
    "pt-avenue": "A Av. Paulista está fechada.| O trânsito parou.",
    "pt-quote": "“Não vou”, disse ela.| Ninguém insistiu.",
    "pt-more-1": "O Exmo. Sr. Presidente falou.| Todos ouviram.",
    "pt-more-2": "Vive na R. Augusta, nº 5.| A casa é verde.",
    "nl-titles": "Dhr. Jansen en mevr. De Vries kwamen samen.| Drs. Bakker bleef thuis.",
    "nl-bijv": "Fruit, bijv. appels, is gezond.| Dat geldt o.a. voor peren.",
    "nl-apostrophe": "Hij sliep slecht.| ’s Nachts regende het.",
    "nl-more-1": "Prof. dr. De Jong sprak a.s. maandag.| Het was druk.",
    "nl-more-2": "‘Kom je?’ vroeg ze.| Hij zweeg.",
    "pl-street": "Prof. Nowak mieszka przy ul. Długiej 5 w Krakowie.| Ma trzy koty.",
    "pl-year": "Urodził się w 1970 r. w Gdańsku.| Zmarł tam w grudniu.",
    "pl-among": "Zginęło m.in. dwóch żołnierzy, tj. połowa patrolu.| Reszta wróciła.",
    "pl-attribution": "„Czy to koniec?” zapytała.| Nikt nie odpowiedział.",
    "pl-more-1": "Kupił chleb, mleko itd.| Zapłacił 20 zł.| Wrócił do domu.",
    "pl-more-2": "Bitwa miała miejsce w 1410 r. pod Grunwaldem.| Trwała jeden dzień.",
    "cs-date": "Dne 1. května 1990 začal nový život.| Tehdy mi bylo 12 let.",
    "cs-eg": "Velká města, např. Praha, tj. metropole, rostou.| Brno je menší.",
    "cs-more-1": "Karel IV. zemřel v Praze.| Bylo mu 62 let.",
    "hu-century": "A 19. században épült.| Ma múzeum.",
    "hu-date": "2024. május 3-án nyílt meg.| Sokan jöttek.",
    "hu-more-1": "Dr. Kovács pl. sosem késik.| Ma mégis késett.",
    "fi-date": "Juhla on 1. toukokuuta.| Silloin ei tehdä töitä.",
    "fi-more-1": "Hän syntyi 3.5.1950 Turussa.| Hän on kirjailija.",
    "da-date": "Den 1. maj er en festdag.| Mange holder fri.",
    "nb-eg": "Noen byer, f.eks. Oslo, er dyre.| Bergen er våt.",
    "nb-date": "Han ble født 17. mai 1950.| Han døde i 2010.",
    "nb-more-1": "Kong Harald 5. ble konge i 1991.| Han er glad i båt.",
    "sv-eg": "Flera städer, t.ex. Malmö, växer.| Andra, bl.a. Kiruna, krymper.",
    "sv-more-1": "Kungen föddes den 30 april 1946.| Han är 75 år.",
    "sv-more-2": "Priset är ca. 50 kr.| Det är dyrt.",
    "tr-century": "15. yüzyılda İstanbul fethedildi.| Şehir hızla büyüdü.",
    "tr-and-so-on": "Meyveler, örn. elma, armut vb. ürünler ucuzladı.| Sebze pahalı.",
    "tr-titles": "Av. Ayşe Demir ve Doç. Dr. Can Kaya konuştu.| Toplantı uzun sürdü.",
    "tr-ordinal-name": "Dedesi 2. Dünya Savaşı sırasında öldü.| Ninesi daha uzun yaşadı.",
    "tr-address": "Atatürk Cad. No. 5 adresinde oturuyor.| Kapısı mavi.",
    "tr-more-1": "29 Ekim 1923'te Cumhuriyet ilan edildi.| İlk başkan Atatürk oldu.",
    "tr-more-2": "“Geliyor musun?” diye sordu.| Kimse cevap vermedi.",
    "tr-more-3": "II. Abdülhamid 1876'da tahta çıktı.| Otuz üç yıl hüküm sürdü.",
    "ro-address": "Dl. Popescu locuiește pe str. Lungă nr. 5.| Are două pisici.",
    "vi-city": "TP. Hồ Chí Minh rất đông.| Hà Nội yên tĩnh hơn.",
    "vi-more-1": "GS. Trần Văn B. đã đến.| Ông phát biểu 10 phút.",
    "id-titles": "Rumah Dr. Budi ada di Jl. Sudirman.| Pagarnya putih.",
    "id-more-1": "“Kamu datang?” tanya Ibu.| Ayah diam.",
    "ru-year": "В 1905 г. началась революция.| Она длилась два года.",
    "ru-city": "Он жил в г. Москве, т. е. далеко от моря.| Потом уехал.",
    "ru-and-so-on": "Купили хлеб, молоко и т. д.| Всё стоило 300 руб.| Денег не осталось.",
    "ru-initials": "А. С. Пушкин родился в 1799 г. в Москве.| Он умер в 1837 г.| Его убили на дуэли.",
    "ru-attribution": "«Ты идёшь?» — спросила она.| Он молчал.",
    "ru-quote-at-end": "«Мы победили!»| Толпа ликовала.",
    "ru-named-after": "Школа им. Гоголя стоит на ул. Ленина, д. 5.| Она закрыта.",
    "ru-more-1": "Ул. Ленина, д. 10, кв. 5.| Звоните вечером.",
    "ru-more-2": "Цена — 5 тыс. руб. за тонну.| Это дорого.",
    "ru-more-3": "«Куда?» — спросил он.| — «Домой».| Она ушла.",
    "ru-more-4": "Население составляет 1,5 млн.| Москва растёт.",
    "ru-more-5": "В XIX в. город вырос.| В 1941–1945 гг. он был разрушен.",
    "uk-year": "У 1991 р. Україна стала незалежною.| Це сталося 24 серпня.",
    "bg-year": "През 1878 г. градът бе освободен.| Столица стана София.",
    "el-question": "Πού πας;| Πάω στο σπίτι.| Είναι αργά.",
    "el-titles": "Ο κ. Παπαδόπουλος και η κ. Ιωάννου έφυγαν.| Έμεινε ο γιος τους.",
    "el-quoted-question": "«Πού πας;» ρώτησε.| Δεν απάντησα.",
    "el-eg": "Τα φρούτα, π.χ. τα μήλα, κάνουν καλό.| Τα γλυκά όχι.",
    "el-more-1": "Ο Δρ. Νικολάου μένει στην οδό Ερμού 5.| Είναι γιατρός.",
    "ar-question": "هل وصلت؟| نعم، وصلت أمس.| كانت الرحلة طويلة.",
    "ar-title": "وصل د. أحمد اليوم.| رحب به الجميع.",
    "ar-more-1": "قال: «لن أذهب.»| ثم خرج.",
    "ar-more-2": "بلغ سعر النفط 75.5 دولارا.| وهذا رقم كبير!",
    "ur-full-stop": "وہ گھر گیا۔| کیا تم آؤ گے؟| میں نہیں جانتا۔",
    "ur-more-1": "ڈاکٹر نے کہا: ”آرام کرو۔“| وہ مسکرایا۔",
    "fa-quote": "او گفت: «هوا سرد است.»| آیا می‌آیی؟| نه، نمی‌آیم.",
    "fa-more-1": "او در سال ۱۳۵۰ به دنیا آمد.| پدرش معلم بود.",
    "he-title": "ד\"ר כהן הגיע.| פרופ' לוי איחר.| האם תבוא מחר?",
    "he-more-1": "המחיר עלה ב-3.5 אחוזים.| זה הרבה!| מה עכשיו?",
    "ka-plain": "დღეს ცივა.| ხვალ დათბება.| ვნახოთ.",
    "ka-more-1": "თბილისი დედაქალაქია.| ის დიდია.",
    "hi-danda": "राम घर गया।| क्या तुम आओगे?| हाँ।",
    "hi-title": "डॉ. शर्मा आए।| वे थके थे।",
    "hi-more-1": "उसने कहा, “मैं नहीं जाऊँगा।”| फिर वह चला गया।",
    "hi-more-2": "प्रो. वर्मा ने 3.5 प्रतिशत कहा।| सब चुप थे।",
    "mr-full-stop": "पाऊस पडत होता.| सगळे घरी होते.",
    "sa-verse": "प्रथमं वचनम् ।| द्वितीयं वचनम् ॥| तृतीयम् ॥",
    "bn-danda": "আমি বাড়ি যাই।| তুমি কোথায়?| সে এল।",
    "bn-more-1": "ড. রহমান এলেন।| সবাই খুশি।",
    "ta-full-stop": "மழை பெய்தது.| நாங்கள் வீட்டில் இருந்தோம்.",
    "hy-verjaket": "Ես տուն եմ գնում։| Դու ո՞ւր ես գնում։| Չգիտեմ։",
    "hy-more-1": "Նա գնաց տուն։| Վաղը կգա։",
    "am-full-stop": "ዛሬ ሰኞ ነው።| ነገ ማክሰኞ ነው።",
    "am-more-1": "ሰላም!| እንዴት ነህ?",
    "zh-plain": "今天下雨。|我们没有出门。|你呢？|真的！",
    "zh-quote-at-end": "他说：“我不去。”|她笑了。",
    "zh-quotes-in-a-row": "他说：“我不去。”|她说：“好。”|门关上了。",
    "zh-attribution": "“你去吗？”她问道。|没有人回答。",
    "zh-decimals": "增长了3.5%，达到1.2万亿元。|这是新高。",
    "zh-ellipsis": "他想了想……还是走了。|门关上了。",
    "zh-latin": "苹果公司(Apple Inc.)发布了新手机。|价格是999美元。",
    "zh-ascii-marks": "你好!|我叫小明。|你呢?",
    "zh-brackets": "他来了（昨天到的。）|大家都很高兴。",
    "zh-more-1": "“我们赢了！”他大喊道。|大家都笑了。",
    "zh-more-2": "他问：“你是谁？”|没有人回答。",
    "zh-more-3": "《红楼梦》写得好吗？|当然！|作者是曹雪芹。",
    "zh-more-4": "第一，要快；第二，要好。|就这样。",
    "ja-plain": "今日は雨です。|外には出ません。|あなたは？",
    "ja-quotative": "「行くの？」と彼女は聞いた。|彼は黙っていた。",
    "ja-stop-in-quote": "彼は「もう終わりだ。」と言った。|誰も答えなかった。",
    "ja-quote-at-end": "「もう帰る。」|彼はそう言った。",
    "ja-half-width": "雨です｡|出ません｡",
    "ja-double-marks": "本当？！|信じられない！！|そうか。",
    "ja-more-1": "「本当ですか？」|「はい、本当です。」",
    "ja-more-2": "彼女は「行こう！」と叫んだ。|みんな走った。",
    "ja-more-3": "株価は3.5％下がった（前年比）。|原因は不明だ。",
    "ko-plain": "오늘은 비가 온다.| 우리는 집에 있다.| 너는?",
    "ko-quotative": "“가자!”라고 그는 말했다.| 아무도 움직이지 않았다.",
    "ko-decimals": "물가는 3.5% 올랐다.| 작년보다 높다.",
    "ko-more-1": "그는 “안 가.”라고 말했다.| 그녀는 울었다.",
    "ko-more-2": "2020. 5. 3. 서울에서 열렸다.| 많은 사람이 왔다.",
    "th-short": "วันนี้ฝนตก เราอยู่บ้าน",
    "th-title": "ดร. สมชาย มาถึงเวลา 10.00 น. ที่กรุงเทพ",
    "km-khan": "ថ្ងៃនេះភ្លៀង។| យើងនៅផ្ទះ។",
    "my-section": "ဒီနေ့ မိုးရွာတယ်။| အိမ်မှာ နေတယ်။",
    "my-more-1": "မင်္ဂလာပါ။| နေကောင်းလား။",
    "bo-shad": "ང་བོད་པ་ཡིན།| ཁྱོད་གང་ནས་ཡིན།",
}


def unmarked(case: str) -> str:
    return case.replace("|", "")


def sentences_of(text: str, language: str | None = None) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, language)]


def checked(text: str, language: str | None = None) -> list[Span]:
    """Return the spans of `text`, having checked all that is promised of every text."""
    spans = sentence_spans(text, language)
    sentences = [span.of(text) for span in spans]
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(sentence == sentence.strip() and "\n" not in sentence for sentence in sentences)
    assert max(map(len, sentences), default=0) <= MAX_SENTENCE
    assert "".join("".join(sentences).split()) == "".join(text.split())
    return spans


@pytest.mark.parametrize("name", CASES)
def test_sentences_without_and_with_the_language_known(name: str) -> None:
    expected = [sentence.strip() for sentence in CASES[name].split("|")]
    assert sentences_of(unmarked(CASES[name])) == expected
    assert sentences_of(unmarked(CASES[name]), name[:2]) == expected


@pytest.mark.parametrize("hint", ["en", "tr", "hr", "ja", "el", "xx", "", "de-AT"])
def test_words_outweigh_a_wrong_hint(hint: str) -> None:
    german = "Der Vertrag gilt ab dem 3. Quartal. Er ist im 2. Anhang erklärt; Das Amt war dagegen."
    english = "He was 12. Jackson was 14. They and the others were in the team; The rest had left."
    assert len(sentences_of(german, hint)) == 2
    assert len(sentences_of(english, hint)) == 3


def test_hint_decides_where_words_do_not() -> None:
    assert sentences_of("Ankara 2. Bölge", "tr") == ["Ankara 2. Bölge"]
    assert sentences_of("Ankara 2. Bölge", "en") == ["Ankara 2.", "Bölge"]
    assert sentences_of("ABBA 1974; Abba", "el") == ["ABBA 1974;", "Abba"]
    assert sentences_of("ABBA 1974; Abba", "sv") == ["ABBA 1974; Abba"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", " \u00a0\u3000\n\t"])
def test_no_words_no_sentences(text: str) -> None:
    assert sentence_spans(text) == []


def test_spans_are_exact() -> None:
    assert sentence_spans("  Ja.  Nein!\n\nDoch ") == [Span(2, 5), Span(7, 12), Span(14, 18)]


def test_repeated_sentences_have_their_own_spans() -> None:
    assert sentence_spans("No. No. No.") == [Span(0, 3), Span(4, 7), Span(8, 11)]


@pytest.mark.parametrize("line_break", ["\n", "\n\n", "\r\n", "\u2028", "\u2029", "\x0b", "\x85"])
def test_every_line_break_ends_a_sentence(line_break: str) -> None:
    assert sentences_of(f"by Dr.{line_break}no stop{line_break}, z. B.") == ["by Dr.", "no stop", ", z. B."]


def test_list_numbers_stay_with_their_items() -> None:
    text = "1. Preheat the oven.\n2. Bake it. Wait.\nIV. Eat.\na. Alone.\n• 3. Rest."
    assert sentences_of(text) == [
        *("1. Preheat the oven.", "2. Bake it.", "Wait.", "IV. Eat.", "a. Alone.", "• 3. Rest.")
    ]


# Long spans


def test_longest_allowed_is_not_cut() -> None:
    text = "word; " * 99 + "word.."
    assert len(text) == MAX_SENTENCE
    assert sentence_spans(text) == [Span(0, MAX_SENTENCE)]
    assert len(sentence_spans(text + ".")) == 2


@pytest.mark.parametrize("mark", [";", ",", ":", "；", "，", "、", "،"])
def test_long_sentence_is_cut_after_a_mark_before_it_is_cut_at_a_space(mark: str) -> None:
    text = "word " * 60 + "word" + mark + " word" * 80
    assert [len(sentence) for sentence in sentences_of(text)] == [305, 399]


def test_long_sentence_is_cut_at_a_semicolon_before_a_later_comma() -> None:
    text = "word " * 50 + "word; " + "word " * 50 + "word, " + "word " * 50
    assert [sentence[-5:] for sentence in sentences_of(text)] == ["word;", " word"]


def test_long_sentence_is_cut_at_spaces_without_crumbs() -> None:
    sentences = sentences_of("word " * 1000)
    assert set(" ".join(sentences).split(" ")) == {"word"}
    assert all(100 <= len(sentence) <= MAX_SENTENCE for sentence in sentences)


def test_keyword_line_is_cut_between_its_items() -> None:
    items = [f"Politics and news {number}" for number in range(60)]
    sentences = sentences_of(" | ".join(items))
    assert [item for sentence in sentences for item in sentence.removeprefix("| ").split(" | ")] == items


@pytest.mark.parametrize("cluster", ["👩🏽‍🚀", "🇩🇪", "กำ", "한", "é̂̃", "が゙"])
def test_last_resort_keeps_grapheme_clusters_whole(cluster: str) -> None:
    decomposed = unicodedata.normalize("NFD", cluster)
    sentences = sentences_of(decomposed * 1000)
    assert len(sentences) > 1
    assert all(sentence == decomposed * (len(sentence) // len(decomposed)) for sentence in sentences)


def test_cluster_longer_than_a_sentence_is_cut_all_the_same() -> None:
    assert len(checked("a" + "\u0301" * 5000)) >= 9


def test_thai_is_cut_at_its_spaces_only() -> None:
    clause = "รัฐบาลประกาศเมื่อวานนี้ว่าจะสร้างทางรถไฟสายใหม่"
    sentences = sentences_of(" ".join([clause] * 30))
    assert " ".join(sentences) == " ".join([clause] * 30)
    assert all(40 <= len(sentence) <= 200 for sentence in sentences)


def test_thai_numbers_and_foreign_words_stay_in_their_clause() -> None:
    clause = "บริษัทขายรถยนต์ได้ 1,200 คัน ในประเทศไทย และ Toyota ขายได้มากที่สุดในภูมิภาคนี้"
    assert not any(sentence[0].isascii() for sentence in sentences_of(" ".join([clause] * 20)))


# Any text


MARKS = " \n.!?…;:,'\"“”‘’„«»()[]-—。！？」「।։؟Aaß1ÉдДα一ไก\u0301\u200d\u00a0\x1f\r"


@settings(deadline=None)
@given(st.text(), st.sampled_from([None, "en", "de", "el", "zz"]))
@example("\ud800. \udfff", None)
@example("İ. ŉ. ǰ.", "tr")
def test_promises_hold_for_any_text(text: str, language: str | None) -> None:
    checked(text, language)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=MARKS, max_size=200))
def test_promises_hold_for_text_full_of_marks(text: str) -> None:
    checked(text)


@settings(deadline=None, max_examples=30)
@given(st.text(alphabet="ab ,;.", min_size=10), st.integers(50, 400))
def test_promises_hold_for_long_text(text: str, times: int) -> None:
    checked(text * times)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="".join(mark for mark in MARKS if mark not in "\n\r\x1f"), max_size=200))
def test_no_sentence_starts_with_what_closes_the_one_before(text: str) -> None:
    starts = {text[span.start] for span in sentence_spans(text)[1:]}
    assert starts.isdisjoint(")].,;:!?。！？」।։؟")


@settings(deadline=None)
@given(st.lists(st.sampled_from([unmarked(case) for case in CASES.values()]), max_size=6))
def test_lines_do_not_depend_on_each_other_s_offsets(lines: list[str]) -> None:
    text = "\n\n".join(lines)
    ends = {span.end for span in checked(text)}
    assert all(sum(map(len, lines[:n])) + 2 * (n - 1) in ends for n in range(1, len(lines) + 1))


# Large text


@pytest.mark.parametrize("unit", [".", "a", " ", "(“", "。", "\u0301", "\n"])
def test_a_megabyte_of_one_thing_is_done(unit: str) -> None:
    checked(unit * (1_000_000 // len(unit)))


def calls_for(text: str) -> int:
    """Return how many function calls, Python's and built-in ones, the sentences of `text` take."""
    count = 0

    def counting(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counting)
    try:
        sentence_spans(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit", ["Is it? ", "“a. ", ". ", "… ", "(a. B ", "z. B. ", "12. ", "a;b ", "กา ", "A.\n"]
)
def test_work_grows_with_the_text(unit: str) -> None:
    once, twice = (calls_for("x\n" + unit * times) for times in (1_000, 2_000))
    assert once > 100
    assert twice <= 2.1 * once
