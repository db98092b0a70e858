/** Three-way merging of short texts: what two people did to the same one, in one text, and where the caret goes. */

/** The most letters times letters that are compared one by one. */
const MOST_CELLS = 40_000

/** One place where two texts differ: `[from, to)` of the first stands for `text` of the second. */
interface Region {
  readonly from: number
  readonly to: number
  readonly text: string
}

/**
 * What `one` and `other`, both made from `base`, are together: letters that either added are there, letters that either
 * removed are gone. Symmetric, so that two devices that merge the same texts have nothing left to merge.
 */
export function mergeText(base: string, one: string, other: string): string {
  if (one === other || other === base) return one
  if (one === base) return other
  const a = regionOf(base, one)
  const b = regionOf(base, other)
  const [first, second] = a.from <= b.from ? [a, b] : [b, a]
  // With a letter between them neither can contain what the other did.
  if (first.to < second.from) {
    return (
      base.slice(0, first.from) + first.text + base.slice(first.to, second.from) + second.text + base.slice(second.to)
    )
  }
  return weave(base, one, other)
}

/** Where the caret goes when `before` becomes `after`: it stays behind the letter that it stood behind. */
export function moveCaret(before: string, after: string, caret: number): number {
  const matches = align(before, after)
  for (let i = caret - 1; i >= 0; i--) if (matches[i]! >= 0) return matches[i]! + 1
  return 0
}

/**
 * How far `after` is from `before`: letters to insert, and those to remove, which count four times, because people erase
 * less than they write.
 */
export function distance(before: string, after: string): number {
  let kept = 0
  for (const place of align(before, after)) if (place >= 0) kept++
  return after.length - kept + 4 * (before.length - kept)
}

/** The smallest single region in which two texts differ: what is left without their common beginning and end. */
function regionOf(before: string, after: string): Region {
  const most = Math.min(before.length, after.length)
  let start = 0
  while (start < most && before[start] === after[start]) start++
  let end = 0
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  return { from: start, to: before.length - end, text: after.slice(start, after.length - end) }
}

/** Letter by letter: a letter of the base stays if both kept it; between two of them stands what either put there. */
function weave(base: string, one: string, other: string): string {
  const ours = align(base, one)
  const theirs = align(base, other)
  let text = ''
  for (let i = 0, a = 0, b = 0; i <= base.length; i++) {
    const inOne = i < base.length ? ours[i]! : one.length
    const inOther = i < base.length ? theirs[i]! : other.length
    const left = inOne < 0 ? '' : one.slice(a, inOne)
    const right = inOther < 0 ? '' : other.slice(b, inOther)
    text += left === right ? left : left < right ? left + right : right + left
    if (inOne >= 0) a = inOne + 1
    if (inOther >= 0) b = inOther + 1
    if (i < base.length && inOne >= 0 && inOther >= 0) text += base[i]
  }
  return text
}

/** For each letter of `before` its place in `after`, or −1: a longest common subsequence. */
function align(before: string, after: string): Int32Array {
  const { from, to, text } = regionOf(before, after)
  const shift = after.length - before.length
  const places = new Int32Array(before.length)
  for (let i = 0; i < before.length; i++) places[i] = i < from ? i : i >= to ? i + shift : -1
  const rows = to - from
  const columns = text.length
  // Beyond this the table takes too long. What is in it then counts as rewritten.
  if (rows === 0 || columns === 0 || rows * columns > MOST_CELLS) return places
  const width = columns + 1
  const longest = new Uint16Array((rows + 1) * width)
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      longest[i * width + j] =
        before[from + i] === text[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!)
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns;) {
    if (before[from + i] === text[j]) places[from + i++] = from + j++
    else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) i++
    else j++
  }
  return places
}
