"""One officer's process without its screen: state, sign-in, launches, end."""
