# Placeholder until the set-up targets stand.
