"""The project's map without proofs, as a project has it that believes its services: for tests of what travels."""

from dataclasses import replace

from config.ownership import OWNERSHIP as PROVEN

OWNERSHIP = replace(PROVEN, proofs={})
