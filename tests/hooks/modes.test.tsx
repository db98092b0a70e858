import { render, renderHook, screen } from '@testing-library/react'
import { createRequire } from 'node:module'
import * as React from 'react'
import * as ReactDom from 'react-dom'
import { useSyncExternalStoreWithSelector } from 'use-sync-external-store/with-selector'
import { expect, test } from 'vitest'
import { hookMode } from './mode.js'

const major = hookMode === 'react18' ? '18' : '19'

test(`${hookMode}: every copy of React is React ${major}`, () => {
  const versions = [React.version, ReactDom.version, createRequire(import.meta.url)('react').version]
  expect(versions.map((version: string) => version.split('.')[0])).toEqual([major, major, major])
  // Hooks of a package work only with the very React that renders.
  const { result } = renderHook(() =>
    useSyncExternalStoreWithSelector(
      () => () => {},
      () => 20,
      undefined,
      (value) => value + 1,
    ),
  )
  expect(result.current).toBe(21)
})

test(`${hookMode}: React renders ${hookMode === 'strict' ? 'twice' : 'once'}`, () => {
  let renders = 0
  renderHook(() => void renders++)
  expect(renders).toBe(hookMode === 'strict' ? 2 : 1)
})

function Sum({ values }: { values: readonly number[] }): React.ReactNode {
  return <p>{values.reduce((sum, value) => sum + value, 0)}</p>
}

test(`${hookMode}: components are ${hookMode === 'compiled' ? '' : 'not '}compiled`, () => {
  render(<Sum values={[1, 2]} />)
  expect(screen.getByText('3').tagName).toBe('P')
  // What the compiler leaves behind: a cache of a fixed size at the start of the component.
  expect(/\b(_c|c)\)?\(\d+\)/.test(Sum.toString())).toBe(hookMode === 'compiled')
})
