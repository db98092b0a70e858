/** Stands for the library that the page is built with; each build puts its own here. */
export { openTitle } from './ibex.js'
