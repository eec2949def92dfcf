"""Tests. The folders mirror the code; walkthroughs and browser tests tell whole stories."""
