int animeclient_placeholder(void); int animeclient_placeholder(void) { return 0; }
