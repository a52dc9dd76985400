"""How the parts are wired: settings, addresses, the command line."""
