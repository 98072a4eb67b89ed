import { describe, expect, test } from 'vitest'
import { Files, type ReadOnlyFiles } from '../../src/shell/files.ts'

const below: ReadOnlyFiles = {
  readText: path => (path === '/lab/a.yaml' ? 'real' : undefined),
  kindOf: path => (path === '/lab/a.yaml' ? 'file' : path === '/lab' || path === '/' ? 'folder' : undefined),
  list: path => (path === '/lab' ? ['a.yaml'] : ['lab']),
}

describe('Files', () => {
  test('shows the files below', () => {
    expect(new Files(below).readText('/lab/a.yaml')).toBe('real')
  })

  test('a written file hides the one below', () => {
    const files = new Files(below)
    files.write('/lab/a.yaml', 'mine')
    expect(files.readText('/lab/a.yaml')).toBe('mine')
    expect(below.readText('/lab/a.yaml')).toBe('real')
  })

  test('a removed file is gone, though not below', () => {
    const files = new Files(below)
    files.remove('/lab/a.yaml')
    expect([files.readText('/lab/a.yaml'), files.kindOf('/lab/a.yaml'), files.list('/lab')]).toEqual([
      undefined,
      undefined,
      [],
    ])
  })

  test('a file can be written again after it was removed', () => {
    const files = new Files(below)
    files.remove('/lab/a.yaml')
    files.write('/lab/a.yaml', 'new')
    expect([files.readText('/lab/a.yaml'), files.list('/lab')]).toEqual(['new', ['a.yaml']])
  })

  test('removing a folder removes what is in it', () => {
    const files = new Files(below)
    files.write('/lab/sub/b.yaml', 'b')
    files.remove('/lab')
    expect([files.readText('/lab/sub/b.yaml'), files.readText('/lab/a.yaml'), files.kindOf('/lab')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('a folder lists what is below and what was written, sorted', () => {
    const files = new Files(below)
    files.write('/lab/z.yaml', '')
    files.write('/lab/deep/er/x.yaml', '')
    expect(files.list('/lab')).toEqual(['a.yaml', 'deep', 'z.yaml'])
  })

  test('a file is no folder', () => {
    expect(new Files(below).list('/lab/a.yaml')).toBeUndefined()
  })
})
