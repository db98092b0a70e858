/** The door `ibex-state/vite`. */
export { ibex, type IbexPluginOptions } from './server/vite-plugin.js'
