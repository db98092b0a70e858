/** The program of the architecture, as it stands there, in a page without a server. */
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'

test('the touchstone runs: it opens, adds, edits', async () => {
  document.body.innerHTML = '<div id="root"></div>'
  await act(() => import('../architecture/touchstone.js'))
  expect(screen.getByText('Opening…')).toBeTruthy()
  await waitFor(() => expect(screen.queryByText('Opening…')).toBeNull(), { timeout: 15_000 })
  expect(screen.queryByRole('textbox')).toBeNull()

  fireEvent.click(screen.getByText('Add'))
  const input = await screen.findByRole<HTMLInputElement>('textbox')
  expect(input.value).toBe('New task')
  fireEvent.change(input, { target: { value: 'Write the report' } })
  expect(input.value).toBe('Write the report')
  expect(screen.getByRole('textbox')).toBe(input)

  fireEvent.click(screen.getByText('Add'))
  // By title.
  expect(screen.getAllByRole<HTMLInputElement>('textbox').map(({ value }) => value)).toEqual([
    'New task',
    'Write the report',
  ])
  // The program renders for as long as its page is there: other tests share the page.
  document.body.replaceChildren()
}, 20_000)
