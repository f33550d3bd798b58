"""Which policy governs a request, who claims what of a source, and how a request is coded."""
