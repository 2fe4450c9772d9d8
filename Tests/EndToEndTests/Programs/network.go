// What Go's own resolver and HTTP client make of a network: network-go fetch URL, or
// network-go resolve NAME…, whose lines are those of Egress/Clients/resolve.mjs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
)

func fetch(url string) error {
	answer, err := http.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(os.Stdout, answer.Body)
	return err
}

func resolve(name string) string {
	found, err := net.DefaultResolver.LookupHost(context.Background(), name)
	var problem *net.DNSError
	if errors.As(err, &problem) && problem.IsNotFound {
		return "missing"
	}
	if err != nil {
		return "failed " + err.Error()
	}
	slices.Sort(found)
	return strings.Join(slices.Compact(found), " ")
}

func main() {
	if os.Args[1] == "fetch" {
		if err := fetch(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	for _, name := range os.Args[2:] {
		fmt.Println(name, resolve(name))
	}
}
