"""Every tuned number has a command that fits it or shows what it is worth."""

from dataclasses import fields

from bench import calibrate, support, written
from qa.check.weights import SUPPORT, SupportWeights
from qa.evidence.weights import ConfidenceCurve
from qa.write.thresholds import WRITING, WritingThresholds


def names(kind: type) -> set[str]:
    return {item.name for item in fields(kind)}


def test_each_number_of_the_support_check_is_fitted_or_scanned() -> None:
    assert names(SupportWeights) == {*support.FITTED, *support.SCANNED}
    assert all(getattr(SUPPORT, name) not in tried for name, tried in support.SCANNED.items())


def test_each_threshold_of_writing_is_scanned() -> None:
    assert names(WritingThresholds) == set(written.SCANNED)
    assert all(getattr(WRITING, name) not in tried for name, tried in written.SCANNED.items())


def test_the_confidence_has_the_features_that_are_fitted() -> None:
    assert {*calibrate.FITTED} <= names(ConfidenceCurve)
