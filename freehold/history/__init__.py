"""All of `public.migration_history`: what is written down, how its rows hang together, and what guards them."""
