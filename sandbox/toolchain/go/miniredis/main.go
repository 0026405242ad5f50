// Command miniredis is the Redis protocol server that Argo CD keeps its cache in.
package main

import (
	"flag"
	"log"
	"time"

	"github.com/alicebob/miniredis/v2"
)

func main() {
	address := flag.String("address", "127.0.0.1:6379", "host and port to listen on")
	flag.Parse()
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(*address); err != nil {
		log.Fatalf("miniredis: %v", err)
	}
	// Keys expire by this clock only: without it a cached Git revision would live for ever.
	for range time.Tick(time.Second) {
		server.FastForward(time.Second)
	}
}
