extern int animed_plugin;
int animed_plugin;
