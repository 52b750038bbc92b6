"""RFC 7541: header compression."""

import hpack
import pytest

from harness import wire as h2
from harness.conformance import GET, answer, connection_error

PLAIN_NAME = b"\x06x-test"
PLAIN_VALUE = b"\x08fairlead"


def huffman(text):
    """The coded text, its last octet filled up with ones, and how many bits of it are filling."""
    codes, lengths = (
        hpack.huffman_constants.REQUEST_CODES,
        hpack.huffman_constants.REQUEST_CODES_LENGTH,
    )
    coded = hpack.huffman.HuffmanEncoder(codes, lengths).encode(text)
    return coded, len(coded) * 8 - sum(lengths[octet] for octet in text)


def huffman_string(octets):
    """A string literal from octets that are already coded."""
    return bytes([0x80 | len(octets)]) + octets


def zero_filled(text):
    """The coded text, filled up with zeros where ones are due."""
    coded, filling = huffman(text)
    assert filling
    return coded[:-1] + bytes([coded[-1] & (0xFF << filling)])


HUFFMAN_NAME = huffman_string(huffman(b"x-test")[0])
HUFFMAN_VALUE = huffman_string(huffman(b"fairlead")[0])
END_OF_STRING = b"\xff" * 4  # with 30 ones, whatever the bit at which it starts

USER_AGENT = 58

REPRESENTATIONS = {
    "6.1 indexed field of the static table": b"\x90",
    "6.2.1 indexing, name by index": bytes([0x40 | USER_AGENT]) + PLAIN_VALUE,
    "6.2.1 indexing, name by index, Huffman": bytes([0x40 | USER_AGENT]) + HUFFMAN_VALUE,
    "6.2.1 indexing, new name": b"\x40" + PLAIN_NAME + PLAIN_VALUE,
    "6.2.1 indexing, new name, Huffman": b"\x40" + HUFFMAN_NAME + HUFFMAN_VALUE,
    "6.2.2 not indexed, name by index": bytes([0x0F, USER_AGENT - 15]) + PLAIN_VALUE,
    "6.2.2 not indexed, name by index, Huffman": bytes([0x0F, USER_AGENT - 15]) + HUFFMAN_VALUE,
    "6.2.2 not indexed, new name": b"\x00" + PLAIN_NAME + PLAIN_VALUE,
    "6.2.2 not indexed, new name, Huffman": b"\x00" + HUFFMAN_NAME + HUFFMAN_VALUE,
    "6.2.3 never indexed, name by index": bytes([0x1F, USER_AGENT - 15]) + PLAIN_VALUE,
    "6.2.3 never indexed, name by index, Huffman": bytes([0x1F, USER_AGENT - 15]) + HUFFMAN_VALUE,
    "6.2.3 never indexed, new name": b"\x10" + PLAIN_NAME + PLAIN_VALUE,
    "6.2.3 never indexed, new name, Huffman": b"\x10" + HUFFMAN_NAME + HUFFMAN_VALUE,
}


@pytest.mark.parametrize("octets", REPRESENTATIONS.values(), ids=REPRESENTATIONS.keys())
def test_representation(wire, octets):
    wire.raw_headers(1, wire.block(GET) + octets)
    answer(wire)


@pytest.mark.parametrize("octets", [b"\x20", b"\x20\x3f\xe1\x1f"], ids=["one", "two"])
def test_6_3_table_size_update_at_the_start(wire, octets):
    wire.raw_headers(1, octets + wire.block(GET))
    answer(wire)


def test_dynamic_table_is_kept_between_blocks(wire):
    fields = GET + [("x-kept", "over streams")]
    wire.headers(1, fields)
    answer(wire)
    wire.headers(3, fields)
    answer(wire, 3)


BROKEN = {
    "2.3.3 index beyond the tables": b"\xc6",
    "2.3.3 greatest index of one octet": b"\xfe",
    "2.3.3 name index beyond the tables": b"\x7f\x0f\x04test",
    "4.2 table size update at the end": b"\x3f\xe1\x1f",
    "4.2 update to a size of 1 at the end": b"\x21",
    "5.2 Huffman padding longer than 7 bits": b"\x00"
    + PLAIN_NAME
    + huffman_string(huffman(b"fairlead")[0] + b"\xff"),
    "5.2 Huffman padding of zeros": b"\x00" + PLAIN_NAME + huffman_string(zero_filled(b"lead")),
    "5.2 Huffman text that holds EOS": b"\x00"
    + PLAIN_NAME
    + huffman_string(huffman(b"lead")[0] + END_OF_STRING),
    "6.1 index 0": b"\x80",
    "5.1 integer without end": b"\x7f" + b"\xff" * 12,
    "5.2 string longer than the block": b"\x00\x06x-test\x7e",
}


@pytest.mark.parametrize("octets", BROKEN.values(), ids=BROKEN.keys())
def test_broken_block(wire, octets):
    wire.raw_headers(1, wire.block(GET) + octets)
    connection_error(wire, h2.COMPRESSION_ERROR)


def test_6_3_table_size_update_above_the_setting(wire):
    wire.raw_headers(1, b"\x3f\xe1\xff\x03" + wire.block(GET))
    connection_error(wire, h2.COMPRESSION_ERROR)
