//go:build tools

// Package dex pins the version of the login, apart from the other programs: it wants other libraries than they do.
package dex

import _ "github.com/dexidp/dex/cmd/dex"
