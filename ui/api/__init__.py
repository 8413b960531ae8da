"""The engine for other programs: a documented HTTP endpoint under /api/v1."""
