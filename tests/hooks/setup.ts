import { cleanup, configure } from '@testing-library/react'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { hookMode } from './mode.js'

configure({ reactStrictMode: hookMode === 'strict' })
afterEach(cleanup)

// Files share a page. One may have loaded the package twice: the next one must not hear of it.
beforeAll(() => Reflect.deleteProperty(globalThis, Symbol.for('ibex-state.react')))
afterAll(() => {
  const left = document.body.innerHTML
  // Who left it fails, and nobody else.
  document.body.replaceChildren()
  if (left !== '') throw new Error(`The file left this in the page: ${left}`)
})
