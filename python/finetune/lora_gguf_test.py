"""The GGUF writer on a base model of two small layers."""

import json
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import gguf
import lora_gguf
import numpy as np
from lora_gguf import AdapterError

HERE = Path(__file__).resolve().parent
WIDTH, HEADS, KV_HEADS, HEAD_WIDTH, RANK = 8, 2, 1, 4, 2
PREFIX = "base_model.model.model.layers.0."


def write_base(path, name="Tiny", architecture="llama", layers=2):
    writer = gguf.GGUFWriter(str(path), architecture)
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(name)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(layers)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    for module, rows in (("attn_q", 8), ("attn_k", 4), ("ffn_down", 8)):
        writer.add_tensor(f"blk.0.{module}.weight", np.zeros((rows, WIDTH), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def encode(array):
    """The bytes and the type of a safetensors tensor; uint16 stands for bfloat16."""
    return array.tobytes(), {"float32": "F32", "float16": "F16", "uint16": "BF16"}[str(array.dtype)]


def safetensors(tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, array in tensors.items():
        raw, dtype = encode(array)
        offsets = [len(data), len(data) + len(raw)]
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": offsets}
        data += raw
    encoded = json.dumps(header).encode()
    return struct.pack("<Q", len(encoded)) + encoded + data


def pair(module, rows):
    """A is [RANK, WIDTH]; row i of B, [rows, RANK], is filled with i."""
    rows_of_b = np.repeat(np.arange(rows, dtype=np.float32)[:, None], RANK, axis=1)
    return {
        f"{PREFIX}{module}.lora_A.weight": np.full((RANK, WIDTH), 0.5, np.float32),
        f"{PREFIX}{module}.lora_B.weight": rows_of_b,
    }


class LoraGgufTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.base = write_base(self.folder / "base.gguf")
        self.out = self.folder / "adapter.gguf"
        self.tensors = pair("self_attn.q_proj", 8) | pair("self_attn.k_proj", 4)
        self.config = {"r": RANK, "lora_alpha": 4, "bias": "none"}

    def convert(self):
        (self.folder / "adapter_config.json").write_text(json.dumps(self.config))
        (self.folder / "adapter_model.safetensors").write_bytes(safetensors(self.tensors))
        lora_gguf.convert(self.folder, self.base, self.out)
        return gguf.GGUFReader(self.out)

    def rows_of_b(self, tensor_name):
        """The first column, which pair() filled with the rows' original numbers."""
        return {t.name: t.data for t in self.convert().tensors}[tensor_name][:, 0].tolist()

    def assert_refused(self, words):
        with self.assertRaisesRegex(AdapterError, words):
            self.convert()
        self.assertFalse(self.out.exists())

    def test_names_types_and_scale_are_those_of_llama_cpp(self):
        reader = self.convert()
        self.assertEqual(
            sorted(tensor.name for tensor in reader.tensors),
            [f"blk.0.attn_{m}.weight.lora_{x}" for m in "kq" for x in "ab"],
        )
        self.assertEqual({tensor.data.dtype.name for tensor in reader.tensors}, {"float16"})
        self.assertEqual(reader.fields["general.type"].contents(), "adapter")
        self.assertEqual(reader.fields["adapter.type"].contents(), "lora")
        self.assertEqual(reader.fields["adapter.lora.alpha"].contents(), 4.0)

    def test_query_and_key_rows_interleave_the_halves_of_a_head(self):
        self.assertEqual(self.rows_of_b("blk.0.attn_q.weight.lora_b"), [0, 2, 1, 3, 4, 6, 5, 7])
        self.assertEqual(self.rows_of_b("blk.0.attn_k.weight.lora_b"), [0, 2, 1, 3])

    def test_other_rows_stay(self):
        self.tensors = pair("mlp.down_proj", 8)
        self.assertEqual(self.rows_of_b("blk.0.ffn_down.weight.lora_b"), list(range(8)))

    def test_other_architectures_are_not_permuted(self):
        write_base(self.base, architecture="qwen2")
        self.assertEqual(self.rows_of_b("blk.0.attn_q.weight.lora_b"), list(range(8)))

    def test_rank_stabilised_adapters_keep_their_scale(self):
        self.config["use_rslora"] = True
        alpha = self.convert().fields["adapter.lora.alpha"].contents()
        self.assertAlmostEqual(alpha / RANK, 4 / RANK**0.5, places=6)

    def test_half_precision_files_are_read(self):
        a = f"{PREFIX}self_attn.q_proj.lora_A.weight"
        shape = (RANK, WIDTH)
        for stored in (np.full(shape, 0.5, np.float16), np.full(shape, 0x3F00, "<u2")):
            self.tensors[a] = stored
            values = {t.name: t.data for t in self.convert().tensors}["blk.0.attn_q.weight.lora_a"]
            self.assertEqual(np.unique(values).tolist(), [0.5])

    def test_equal_input_gives_equal_bytes(self):
        self.convert()
        first = self.out.read_bytes()
        self.tensors = dict(reversed(self.tensors.items()))
        self.convert()
        self.assertEqual(self.out.read_bytes(), first)

    def test_what_gguf_cannot_express_is_refused(self):
        self.config["use_dora"] = True
        self.assert_refused("use_dora")

    def test_a_module_that_the_base_lacks_is_refused(self):
        self.tensors |= pair("mlp.up_proj", 8)
        self.assert_refused("no module model.layers.0.mlp.up_proj")

    def test_an_unknown_tensor_is_refused(self):
        self.tensors["base_model.model.lm_head.weight"] = np.zeros((1, 1), np.float32)
        self.assert_refused("unknown tensor of an adapter: base_model.model.lm_head.weight")

    def test_a_wrong_shape_is_refused(self):
        self.tensors |= pair("self_attn.k_proj", 5)
        self.assert_refused("k_proj.lora_B.weight is .5, 2.; the base model needs 4")

    def test_a_lonely_half_of_a_pair_is_refused(self):
        del self.tensors[f"{PREFIX}self_attn.q_proj.lora_B.weight"]
        self.assert_refused("attn_q.weight.lora_b is not")

    def test_an_adapter_without_tensors_is_refused(self):
        self.tensors = {}
        self.assert_refused("no tensors")

    def test_values_that_are_not_finite_in_half_precision_are_refused(self):
        self.tensors[f"{PREFIX}self_attn.q_proj.lora_A.weight"][0, 0] = 1e6
        self.assert_refused("q_proj.lora_A.weight has values")

    def test_damaged_and_missing_files_are_refused(self):
        self.convert()
        self.out.unlink()
        weights = self.folder / "adapter_model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-20])
        with self.assertRaisesRegex(AdapterError, "not a whole safetensors file"):
            lora_gguf.convert(self.folder, self.base, self.out)
        weights.unlink()
        with self.assertRaisesRegex(AdapterError, "cannot read .*adapter_model"):
            lora_gguf.convert(self.folder, self.base, self.out)
        self.base.write_bytes(b"x" * 100)
        with self.assertRaisesRegex(AdapterError, "not a GGUF file"):
            lora_gguf.convert(self.folder, self.base, self.out)

    def test_an_adapter_fits_the_base_it_names(self):
        self.convert()
        lora_gguf.check_base(self.out, self.base)

    def test_an_adapter_of_another_base_is_refused_with_both_names(self):
        self.convert()
        other = write_base(self.folder / "other.gguf", name="Other")
        with self.assertRaisesRegex(AdapterError, 'base model "Tiny" .*other.gguf is "Other"'):
            lora_gguf.check_base(self.out, other)

    def test_a_base_of_another_depth_is_refused(self):
        self.convert()
        with self.assertRaisesRegex(AdapterError, "2 layers.*3 layers"):
            lora_gguf.check_base(self.out, write_base(self.folder / "deep.gguf", layers=3))

    def test_a_model_is_no_adapter(self):
        with self.assertRaisesRegex(AdapterError, "not an adapter"):
            lora_gguf.check_base(self.base, self.base)

    def test_the_model_server_refuses_an_adapter_of_another_base(self):
        self.convert()
        other = write_base(self.folder / "other.gguf", name="Other")
        command = [sys.executable, str(HERE.parent / "llm_server.py"), f"--model={other}"]
        command += [f"--adapter={self.out}", f"--socket={self.folder / 's.sock'}"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as server:
            said = server.stderr.read().decode()  # Its stdin stays open, else it would just end.
        self.assertEqual(server.returncode, 1)
        self.assertRegex(said, '^llm_server: .*"Tiny".*"Other"')


if __name__ == "__main__":
    unittest.main()
