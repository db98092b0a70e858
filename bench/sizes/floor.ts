/** What the floor would cost: nothing but the app's own code. */
export { peer } from '../peers/floor.js'
