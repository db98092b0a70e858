import { describe, expect, test } from 'vitest'
import { callerOf } from './sources.js'

const V8 = `Error: called
    at takeStack (http://localhost:5173/@fs/repo/src/inspect/sources.ts:70:17)
    at Object.note (http://localhost:5173/@fs/repo/src/inspect/sources.ts:52:27)
    at Repository.newAction (http://localhost:5173/@fs/repo/src/repository/repository.ts?t=1:350:9)
    at Object.update (http://localhost:5173/@fs/repo/src/store/collection.ts:120:14)
    at set (http://localhost:5173/@fs/repo/hooks/use-item.ts:115:37)
    at onChange (http://localhost:5173/src/row.tsx:12:34)
    at HTMLUnknownElement.callCallback (http://localhost:5173/node_modules/.vite/deps/react-dom.js?v=1:10:1)`

describe('the caller of this package in a stack', () => {
  test('V8, with the package as sources', () => {
    expect(callerOf(V8, 'http://localhost:5173/@fs/repo/src/inspect/sources.ts')).toEqual({
      file: 'http://localhost:5173/src/row.tsx',
      line: 12,
      column: 34,
      function: 'onChange',
      stack: [
        'at onChange (http://localhost:5173/src/row.tsx:12:34)',
        'at HTMLUnknownElement.callCallback (http://localhost:5173/node_modules/.vite/deps/react-dom.js?v=1:10:1)',
      ],
    })
  })

  test('V8, with the package in a bundler’s folder of packages, and a caller without a name', () => {
    const stack = `Error: called
    at takeStack (http://localhost/node_modules/.vite/deps/chunk-A.js?v=1:70:17)
    at Object.update (http://localhost/node_modules/.vite/deps/ibex-state.js?v=1:120:14)
    at http://localhost/src/main.ts:3:5
    at async load (http://localhost/src/load.ts:1:1)`
    expect(callerOf(stack, 'http://localhost/node_modules/.vite/deps/chunk-A.js?v=1')).toMatchObject({
      file: 'http://localhost/src/main.ts',
      line: 3,
      column: 5,
      function: null,
      stack: { length: 2 },
    })
  })

  test('Firefox and Safari', () => {
    const stack = `takeStack@http://localhost/dist/src/inspect/sources.js:70:17
update@http://localhost/dist/src/store/collection.js:120:14
set@http://localhost/dist/hooks/use-item.js:1:2
@http://localhost/app.js:3:5
load@http://localhost/load.js:1:1`
    expect(callerOf(stack, 'http://localhost/dist/src/inspect/sources.js')).toMatchObject({
      file: 'http://localhost/app.js',
      line: 3,
      function: null,
    })
  })

  test('Node calls files by paths and by addresses', () => {
    const stack = `Error: called
    at takeStack (file:///repo/dist/src/inspect/sources.js:1:1)
    at Object.create (/repo/dist/src/store/collection.js:1:1)
    at main (/app/main.js:7:8)`
    expect(callerOf(stack, 'file:///repo/dist/src/inspect/sources.js')).toMatchObject({ file: '/app/main.js', line: 7 })
  })

  test('nobody, where all is one file, or nothing can be read', () => {
    expect(
      callerOf('Error\n    at a (http://x/app.js:1:1)\n    at b (http://x/app.js:2:1)', 'http://x/app.js'),
    ).toBeNull()
    expect(callerOf('', 'http://x/app.js')).toBeNull()
    expect(callerOf('gibberish\n at nowhere', 'http://x/app.js')).toBeNull()
  })
})
