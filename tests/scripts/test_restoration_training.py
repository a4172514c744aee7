"""What the restoration network learns from: whole pieces, and the same ones damaged."""

from itertools import islice

import numpy as np
import pytest
from PIL import Image
from restoration_training.pairs import SIDE, compressed, damaged, pairs, whole_pictures

from tests.engines.test_restoration import chart, off


def test_pairs_are_of_one_size_and_repeat_with_their_seed():
    first, again = (list(islice(pairs(np.random.default_rng(3), [chart()]), 20)) for _ in range(2))
    for (one, whole), (same, _) in zip(first, again, strict=True):
        assert one.shape == whole.shape == (SIDE, SIDE, 3)
        assert one.dtype == np.uint8
        assert (one == same).all()


def test_most_pieces_are_damaged_and_none_is_moved():
    drawn = list(islice(pairs(np.random.default_rng(5), [chart()]), 60))
    changed = [off(one, whole) for one, whole in drawn]
    assert 0.5 < np.mean(np.array(changed) > 0) < 1
    assert np.median(changed) < 8


def test_pictures_smaller_than_a_piece_are_taken():
    one, whole = next(pairs(np.random.default_rng(0), [chart(90, 70)]))
    assert one.shape == whole.shape == (SIDE, SIDE, 3)


@pytest.mark.parametrize("seed", range(6))
def test_compression_and_damage_keep_the_size(seed):
    rng, whole = np.random.default_rng(seed), chart(130, 110)
    assert compressed(rng, whole).shape == damaged(rng, whole).shape == whole.shape


def test_only_pictures_without_damage_are_learnt_from(tmp_path):
    for name, tags in (("whole", '["dark"]'), ("hurt", '["jpeg60"]')):
        Image.fromarray(chart()).save(tmp_path / f"{name}.png")
        (tmp_path / f"{name}.json").write_text(f'{{"panels": [], "tags": {tags}}}', encoding="utf-8")
    assert len(whole_pictures([tmp_path])) == 1
