/** Between the page that adds the panel to the developer tools and the panel: events at the panel's window. */

/** One looks at another panel of the tools. */
export const PANEL_HIDDEN = 'ibex-panel-hidden'
/** One looks at this one again. */
export const PANEL_SHOWN = 'ibex-panel-shown'
