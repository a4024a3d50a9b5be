"""A server held against what is declared: inspect, compare as sets, plan, apply, explain."""
