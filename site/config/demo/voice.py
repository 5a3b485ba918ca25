"""Narration by espeak-ng, whose Mandarin reads pinyin well and Han characters badly."""

import re
import subprocess

from pypinyin import Style, lazy_pinyin, load_phrases_dict

RATE = 22050  # samples a second, 16 bit, one channel: what espeak-ng gives
WIDTH = 2  # bytes a sample
WORDS_PER_MINUTE = 172  # about four characters a second
CHARACTERS = re.compile(r"[\u4e00-\u9fff]|[^\u4e00-\u9fff]+")  # as pypinyin divides them
PAUSES = str.maketrans("，。、；：？！", ",.,,,?!")
# Where the dictionary of readings guesses otherwise in our sentences.
load_phrases_dict(
    {
        "都会": [["dōu"], ["huì"]],
        "求长": [["qiú"], ["cháng"]],
        "开得好": [["kāi"], ["de"], ["hǎo"]],
        "说得出": [["shuō"], ["de"], ["chū"]],
        "只教": [["zhǐ"], ["jiāo"]],
        "再教": [["zài"], ["jiāo"]],
        "商量": [["shāng"], ["liang"]],
        "告诉": [["gào"], ["su"]],
        "谁": [["shéi"]],
    }
)


def pronounce(text: str) -> str:
    """Pinyin with tone numbers, punctuation kept for the pauses, 一 and 不 with the tones they take in speech."""
    syllables = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=True)
    characters = CHARACTERS.findall(text)
    before, after = ["", *characters[:-1]], [*syllables[1:], ""]
    return " ".join(map(_in_company, before, characters, syllables, after)).translate(PAUSES)


def speak(text: str) -> bytes:
    """The spoken text as raw samples (RATE, 16 bit, mono)."""
    command = ["espeak-ng", "-vcmn-latn-pinyin", "-a80", f"-s{WORDS_PER_MINUTE}", "--stdout", pronounce(text)]
    wave = subprocess.run(command, check=True, capture_output=True).stdout
    # The header of a streamed wave does not know its length, so the samples are taken from behind the "data" mark.
    return wave[wave.index(b"data") + 8 :]


def silence(seconds: float) -> bytes:
    """Nothing to hear, as raw samples."""
    return bytes(round(seconds * RATE) * WIDTH)


def _in_company(before: str, character: str, syllable: str, after: str) -> str:
    tone = after[-1:]
    if character == "一" and before != "第" and syllable == "yi1" and tone.isdigit():
        return "yi2" if tone == "4" else "yi4"
    if character == "不" and syllable == "bu4" and tone == "4":
        return "bu2"
    return syllable
