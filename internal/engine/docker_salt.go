package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// salted is a context in which one file has a salt at its end. BuildKit asks for
// the content of a file whose size or time is another than it has kept, so those
// of the one file change too.
type salted struct {
	fsutil.FS
	salt Salt
	at   time.Time
}

func newSalted(context fsutil.FS, salt Salt) *salted {
	salt.Path = filepath.Clean(filepath.FromSlash(salt.Path))
	return &salted{FS: context, salt: salt, at: time.Now()}
}

func (s *salted) Walk(ctx context.Context, target string, visit fs.WalkDirFunc) error {
	return s.FS.Walk(ctx, target, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && path == s.salt.Path {
			entry, err = s.entry(entry)
		}
		return visit(path, entry, err)
	})
}

// entry is the salted file's.
func (s *salted) entry(of fs.DirEntry) (fs.DirEntry, error) {
	known, err := of.Info()
	if err != nil {
		return nil, err
	}
	stat, ok := known.Sys().(*types.Stat)
	if !ok || !known.Mode().IsRegular() {
		return nil, fmt.Errorf("changing %q in the build context: it is not a regular file", s.salt.Path)
	}
	stat = stat.Clone()
	stat.Size += int64(len(s.salt.Text))
	stat.ModTime = s.at.UnixNano()
	stat.Linkname = "" // of a hard link, whose other names stay as they are
	return &fsutil.DirEntryInfo{Stat: stat}, nil
}

func (s *salted) Open(path string) (io.ReadCloser, error) {
	file, err := s.FS.Open(path)
	if err != nil || filepath.Clean(path) != s.salt.Path {
		return file, err
	}
	return &saltedFile{Reader: io.MultiReader(file, bytes.NewReader(s.salt.Text)), Closer: file}, nil
}

type saltedFile struct {
	io.Reader
	io.Closer
}

// within fails for a path that leads out of the context.
func (s Salt) within() error {
	if !filepath.IsLocal(filepath.FromSlash(s.Path)) {
		return errors.New("the file to change is not in the build context")
	}
	return nil
}
