//go:build tools

// Package pebble pins an authority for certificates. Its module is its own, so that no version of another program moves with it.
package pebble

import _ "github.com/letsencrypt/pebble/v2/cmd/pebble"
