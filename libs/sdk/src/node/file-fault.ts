const WORDS: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'you have no right to it',
  EPERM: 'you have no right to it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EEXIST: 'there is a file of that name already',
  ENOSPC: 'the disk is full',
  EROFS: 'nothing can be written there',
}

/** What is wrong with a file, in words where the system's code is a common one. */
export function fileFault({ code, message }: NodeJS.ErrnoException): string {
  return WORDS[code ?? ''] ?? code ?? message
}
