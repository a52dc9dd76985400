"""Owns what came of an appraisal: results in versions, their publicity, appeals against them."""
