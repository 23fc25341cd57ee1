"""What officers tell the helpdesk from an error: its reference and the timeline, and the number they quote."""
