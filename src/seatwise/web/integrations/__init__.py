"""Settings → Integrations: connecting Microsoft Entra ID, and a connection's life afterwards."""
