"""Ids as names of files."""

from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from digitize.batch.records import LONGEST_NAME, safe_name


@given(st.text(max_size=300))
def test_a_name_stays_beneath_its_folder_and_fits_any_file_system(image):
    parts = PurePosixPath(safe_name(image)).parts
    assert parts
    assert ".." not in parts
    assert not safe_name(image).startswith("/")
    assert all(len(part.encode()) <= LONGEST_NAME and not set(part) & set('\\:*?"<>|\0\n') for part in parts)
    assert safe_name(safe_name(image)) == safe_name(image)


def test_plain_names_stay_as_they_are():
    assert safe_name("runs/épreuve 3/loss (2).png") == "runs/épreuve 3/loss (2).png"
    assert safe_name("../../etc/passwd") == "etc/passwd"
    assert safe_name("C:\\shots\\a.png") == "C_/shots/a.png"
    assert safe_name("..") == "picture"
