"""产业链: what enterprises need, in the words of occupations and skills."""
