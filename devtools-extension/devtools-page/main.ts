/** Runs with every window of the developer tools: adds the panel to it. */
void chrome.devtools.panels.create('Ibex', 'icon-32.png', 'panel.html')
