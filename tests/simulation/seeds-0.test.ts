import { simulate } from './seeds.js'

simulate(0)
