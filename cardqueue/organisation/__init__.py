"""Who takes part: communes, committees and their cells, stations and their lines, campaigns and windows."""
