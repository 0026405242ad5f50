#!/bin/sh
git verify-commit "$1" 2>&1 || true
