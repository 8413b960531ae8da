"""A cross-encoder as sentence-transformers has them, tiny and untrained: what it says is not looked at."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

from index import Settings, load_cross_encoder
from index.errors import WeightsError
from index.model.bundled import FOLDER_NAME
from index.model.encoder import SentenceEncoder


def save_model(folder: Path, labels: int) -> Path:
    tokenizer = AutoTokenizer.from_pretrained(Settings().cache / FOLDER_NAME)
    torch.manual_seed(0)
    shape = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    config = BertConfig(vocab_size=len(tokenizer), num_labels=labels, initializer_range=1.0, **shape)
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


# The encoder is asked for because it unpacks the tokenizer that the models are saved with.
def test_a_pair_is_scored_with_a_share(encoder: SentenceEncoder, tmp_path: Path) -> None:
    scorer = load_cross_encoder(str(save_model(tmp_path / "one", 1)))
    scores = scorer.scores("What did it cost?", ["It cost £8.6 million.", "", "Es regnet seit Dienstag."])
    assert scores.shape == (3,)
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()
    assert len(set(scores.tolist())) == 3
    assert scorer.scores("When?", ["It cost £8.6 million."])[0] != scores[0]
    assert scorer.scores("What?", []).shape == (0,)


def test_a_model_that_cannot_score_pairs_is_refused(encoder: SentenceEncoder, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="gives 2 numbers for a pair: set ARTICLE_QA_CROSS_ENCODER"):
        load_cross_encoder(str(save_model(tmp_path / "two", 2)))
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeightsError, match=r"cannot load the cross-encoder .*empty"):
        load_cross_encoder(str(tmp_path / "empty"))
