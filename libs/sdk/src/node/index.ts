export { fileSink } from './file-sink.js'
export { type FileSource, fileSource } from './file-source.js'
export { fileSpool, sweepSpool } from './file-spool.js'
export { type FolderSink, folderSink, safeFileName } from './folder-sink.js'
