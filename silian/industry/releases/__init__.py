"""Owns the yearly demand releases (人才需求发布): what members needed, counted once and frozen."""
