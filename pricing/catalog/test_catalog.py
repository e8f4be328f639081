#!/usr/bin/env python3
"""Tests of the catalog's tooling: `python3 test_catalog.py`. They need no tables and no network."""
import json
import sys
import unittest
from decimal import Decimal
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import changes  # noqa: E402
import compile  # noqa: E402
import gaps  # noqa: E402
import genai_table  # noqa: E402
import history  # noqa: E402
import litellm_table  # noqa: E402
import places  # noqa: E402
from units import parse, show  # noqa: E402


def card(rates, when=None, **more):
    return {**more, **({"when": when} if when else {}), "rates": rates, "source": "t"}


def facts(cards):
    return [(c.get("from"), c.get("until"), c.get("when"), c["rates"]) for c in cards]


class History(unittest.TestCase):
    def test_undated_change_begins_on_the_day_of_the_table(self):
        now = history.merged([card({"input": "5/M"})], [card({"input": "4/M"})], "2026-11-20")

        self.assertEqual(facts(now), [(None, None, None, {"input": "5/M"}), ("2026-11-20", None, None, {"input": "4/M"})])

    def test_dated_change_begins_when_the_table_says(self):
        table = [card({"input": "5/M"}), card({"input": "4/M"}, **{"from": "2026-08-21"})]

        now = history.merged([card({"input": "5/M"})], table, "2026-11-20")

        self.assertEqual([c.get("from") for c in now], [None, "2026-08-21"])

    def test_table_that_knows_since_when_overrules_the_day_it_was_first_seen(self):
        seen = [card({"input": "5/M"}), card({"input": "4/M"}, **{"from": "2026-09-23"})]
        table = [card({"input": "5/M"}), card({"input": "4/M"}, **{"from": "2026-08-21"})]

        self.assertEqual([c.get("from") for c in history.merged(seen, table, "2026-11-20")], [None, "2026-08-21"])

    def test_announced_change_does_not_date_the_one_of_today(self):
        table = [card({"input": "4/M"}), card({"input": "8/M"}, **{"from": "2027-01-01"})]

        now = history.merged([card({"input": "5/M"})], table, "2026-11-20")

        self.assertEqual([(c.get("from"), c["rates"]["input"]) for c in now],
                         [(None, "5/M"), ("2026-11-20", "4/M"), ("2027-01-01", "8/M")])

    def test_older_history_than_the_table_has_is_kept(self):
        known = [card({"input": "9/M"}), card({"input": "5/M"}, **{"from": "2026-01-01"})]

        now = history.merged(known, [card({"input": "4/M"})], "2026-11-20")

        self.assertEqual([c.get("from") for c in now], [None, "2026-01-01", "2026-11-20"])

    def test_same_price_with_another_unit_is_no_change_of_price(self):
        now = history.merged([card({"input": "5/M"})], [card({"input": "5/M", "cache_read": "0.5/M"})], "2026-11-20")

        self.assertEqual(facts(now), [(None, None, None, {"input": "5/M", "cache_read": "0.5/M"})])

    def test_what_no_table_has_any_more_stays_at_the_same_price(self):
        batch = card({"input": "2.5/M"}, {"service_tier": "batch"})

        now = history.merged([card({"input": "5/M"}), batch], [card({"input": "5/M"})], "2026-11-20")

        self.assertIn(batch, now)

    def test_tier_of_an_older_price_ends_with_it(self):
        batch = card({"input": "2.5/M"}, {"service_tier": "batch"})

        now = history.merged([card({"input": "5/M"}), batch], [card({"input": "4/M"})], "2026-11-20")

        self.assertEqual([c.get("until") for c in now if "when" in c], ["2026-11-20"])

    def test_rounded_price_is_no_change(self):
        now = history.merged([card({"input": "1.38/M"})], [card({"input": "1.375/M"})], "2026-11-20")

        self.assertEqual(facts(now), [(None, None, None, {"input": "1.375/M"})])
        self.assertFalse(history.equal("0.02/M", "0.019/M"))
        self.assertFalse(history.equal("5/M", "5.1/M"))

    def test_merged_again_it_is_the_same(self):
        old = [card({"input": "5/M"}), card({"input": "2.5/M"}, {"service_tier": "batch"}), card({"input": "10/M"}, {"input_tokens": ">200000"})]
        table = [card({"input": "4/M"}), card({"input": "2/M"}, {"service_tier": "flex"}), card({"input": "8/M"}, {"input_tokens": ">200000"})]
        once = history.merged(old, table, "2026-11-20")

        self.assertEqual(history.merged(once, table, "2026-12-24"), once)

    def test_withdrawn_card_is_kept(self):
        withdrawn = card({"input": "3/M"}, **{"from": "2026-09-01", "withdrawn": "2026-09-23"})

        self.assertIn(withdrawn, history.merged([card({"input": "2/M"}), withdrawn], [card({"input": "2/M"})], "2026-11-20"))


class Gaps(unittest.TestCase):
    def state(self, *cards):
        return gaps.closed({history.condition(c): c for c in cards})

    def test_tier_without_a_price_for_long_prompts_ends_at_the_threshold(self):
        closed = self.state(card({"input": "5/M"}), card({"input": "2/M"}, {"service_tier": "flex"}), card({"input": "9/M"}, {"input_tokens": ">200000"}))

        self.assertIn({"service_tier": "flex", "input_tokens": "<=200000"}, [c.get("when") for c in closed.values()])

    def test_place_and_long_prompt_multiply(self):
        closed = self.state(card({"input": "5/M"}), card({"input": "5.5/M"}, {"geo": "eu"}), card({"input": "10/M"}, {"input_tokens": ">200000"}))

        self.assertEqual(closed[history.condition({"when": {"geo": "eu", "input_tokens": ">200000"}})]["rates"], {"input": "11/M"})

    def test_ratio_that_is_not_clean_is_not_told(self):
        closed = self.state(card({"input": "0.3/M"}), card({"input": "0.37/M"}, {"geo": "eu"}), card({"input": "0.14/M"}, {"service_tier": "flex"}))

        self.assertEqual([c["rates"] for c in closed.values() if len(c.get("when", {})) == 2], [{"input": "?"}])

    def test_conditions_that_exclude_each_other_leave_no_gap(self):
        one, other = card({"input": "5/M"}, {"input_tokens": "<=200000"}), card({"input": "9/M"}, {"input_tokens": ">200000"})

        self.assertEqual(len(self.state(one, other)), 2)


class Tables(unittest.TestCase):
    SOURCE = '''
from .types import *
providers: list[Provider] = [
    Provider(id='acme', models=[ModelInfo(id='m', match=ClauseOr(or_=[ClauseEquals(equals='m'), ClauseStartsWith(starts_with='m-2')]),
        prices=[ConditionalPrice(prices=ModelPrice(input_mtok=Decimal('2'), output_mtok=TieredPrices(base=Decimal('4'), tiers=[Tier(start=199999, price=Decimal('8'))]))),
                ConditionalPrice(constraint=StartDateConstraint(start_date=datetime.date(2026, 9, 1)), prices=ModelPrice(input_mtok=Decimal('1'), output_mtok=Decimal('4')))],
        price_variants=[PriceVariant(when={'processing': 'batch'}, prices=ModelPrice(input_mtok=Decimal('0.5')))])]),
]
'''

    def genai(self):
        return genai_table.load(genai_table.read(self.SOURCE), "2026-11-20")["acme", "m"]

    def test_source_of_genai_prices_is_read_and_not_run(self):
        entry = self.genai()

        self.assertEqual((entry["names"], entry["prefixes"]), (["m"], ["m-2"]))
        self.assertEqual([(c["from"], c["when"]) for c in entry["cards"]],
                         [(None, {}), (None, {"input_tokens": ">=200000"}), ("2026-09-01", {})])
        with self.assertRaises(ValueError):
            genai_table.read("providers: list[Provider] = [open('x') for x in y]")

    def test_surcharge_that_a_later_price_does_not_have_ends_where_that_begins(self):
        self.assertEqual(self.genai()["cards"][1]["until"], "2026-09-01")

    def test_variant_is_a_tier(self):
        self.assertEqual(self.genai()["grid"]["batch", None], {"input": Decimal("0.5") / 1000000})

    def test_price_per_million_in_a_field_per_token_is_left_out(self):
        self.assertEqual(litellm_table.load({"m": {"litellm_provider": "x", "input_cost_per_token": Decimal(2)}}), {})

    def test_lifetime_is_no_threshold(self):
        self.assertEqual(litellm_table.key("cache_creation_input_token_cost_above_1hr"), ("cache_write_1h", None, None))
        self.assertEqual(litellm_table.key("input_cost_per_token_above_200k_tokens_batches"), ("input", 200000, "batch"))

    def test_rates_are_written_and_read_again(self):
        for unit, rate in (("input", Decimal("0.0000025")), ("web_searches", Decimal("0.01")), ("output_images", Decimal("0.04"))):
            self.assertEqual(parse(show(unit, rate)), rate)


class Places(unittest.TestCase):
    def test_data_zone_is_a_factor_on_the_global_price(self):
        models = {"x": {"cards": [card({"input": "2.5/M", "cache_read": "1.25/M"})]},
                  "eu/x": {"cards": [card({"input": "2.75/M", "cache_read": "1.375/M"})]},
                  "us/x": {"cards": [card({"input": "2.75/M", "cache_read": "1.38/M"})]}}

        places.azure(models, "t")

        self.assertEqual([(a["when"], a["factor"]) for a in models["x"]["adjustments"]], [({"geo": ["eu", "us"]}, "1.1")])


    def test_region_with_another_price_makes_a_model_priced_by_place(self):
        models = places.bedrock({"m": {"cards": [card({"input": "1/M", "output": "1/M"})]},
                                 "sa-east-1/m": {"cards": [card({"input": "2/M", "output": "2/M"})]},
                                 "us-west-1/m": {"cards": [card({"input": "1/M", "output": "1/M"})]},
                                 "n": {"cards": [card({"input": "1/M", "output": "1/M"})]},
                                 "global.x.n": {"cards": [card({"input": "1/M", "output": "1/M"})]}})

        self.assertEqual(models["m"]["prices_by"], {"geo": ["us-east-1", "us-east-2", "us-west-1", "us-west-2"]})
        self.assertNotIn("prices_by", models["n"])


class Compiled(unittest.TestCase):
    def test_model_keeps_its_id_where_a_table_renames_it(self):
        now = compile.keep_ids({"m-1": {"aliases": ["m1"], "cards": []}}, {"m1": {"aliases": ["m-1"], "cards": []}}, {})

        self.assertEqual(now, {"m-1": {"aliases": ["m1"], "cards": []}})

    def test_alias_that_moved_is_a_model_whose_price_changed(self):
        before = {"m-latest": {"cards": [card({"input": "1/M"})]}, "m2": {"cards": [card({"input": "2/M"})]}}

        now = compile.keep_ids(before, {"m2": {"aliases": ["m-latest"], "cards": [card({"input": "2/M"})]}}, {})

        self.assertEqual(now["m-latest"]["cards"][0]["rates"], {"input": "2/M"})
        self.assertEqual(now["m2"]["aliases"], [])

    def test_factor_that_differs_holds_from_the_day_of_its_table(self):
        old, new = ([{"when": {"geo": ["eu", "us"]}, "factor": f, "source": "t"}] for f in ("1.1", "1.2"))

        self.assertEqual([(a.get("from"), a.get("until"), a["factor"]) for a in compile.factors(old, new, "2026-11-20")],
                         [(None, "2026-11-20", "1.1"), ("2026-11-20", None, "1.2")])
        self.assertEqual(compile.factors(old, old, "2026-11-20"), old)

    def test_shipped_catalog_is_written_as_the_compiler_writes(self):
        text = compile.SHIPPED.read_text()
        catalog = json.loads(text)

        self.assertEqual(compile.written(catalog["providers"], catalog["version"]), text)

    def test_difference_names_the_price_of_today(self):
        old, new = ({"version": v, "providers": {"p": {"models": {"m": {"cards": [card({"input": r})]}}}}}
                    for v, r in (("1", "5/M"), ("2", "4/M")))

        self.assertIn("p/m: input 5/M -> 4/M", changes.report(old, new, "2026-11-20"))


if __name__ == "__main__":
    unittest.main()
