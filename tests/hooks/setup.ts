import { cleanup, configure } from '@testing-library/react'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { hookMode } from './mode.js'

configure({ reactStrictMode: hookMode === 'strict' })
afterEach(cleanup)

// Files share a page, and one may have loaded the package twice: the next one must not hear of it.
afterAll(() => {
  if (document.body.innerHTML !== '') throw new Error(`The file left this in the page: ${document.body.innerHTML}`)
})
beforeAll(() => Reflect.deleteProperty(globalThis, Symbol.for('ibex-state.react')))
