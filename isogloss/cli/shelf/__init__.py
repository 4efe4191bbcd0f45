"""Commands about whole collections, and the app that shows them."""
