"""The counter over HTTP, beside bare endpoints: data, servers, the load and what comes of it."""
