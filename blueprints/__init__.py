"""Pages, by who uses them. They translate between people and services and decide nothing; they never see the storage."""
