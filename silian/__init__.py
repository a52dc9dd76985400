"""Silian (四链): the platform that an industry-education consortium runs on."""
