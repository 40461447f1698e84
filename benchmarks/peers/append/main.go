// append REGISTRY/REPOSITORY:TAG TAR does what `crane append` does with a tar that nobody compressed, over plain HTTP: it compresses it at Go's fastest
// level to know its digest, reads it once more for the diffID, asks whether the registry has the layer, and compresses it again while it sends it.
// It stands in eng/bench-push.sh for crane where that cannot be had. Only the standard library is used, so that the distribution's Go is enough.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(target, tar string) error {
	host, rest, _ := strings.Cut(target, "/")
	repository, tag, _ := strings.Cut(rest, ":")
	root := "http://" + host + "/v2/" + repository

	layer, size, err := hashOf(func() (io.ReadCloser, error) { return compressed(tar) })
	if err != nil {
		return err
	}
	diffID, _, err := hashOf(func() (io.ReadCloser, error) { return os.Open(tar) })
	if err != nil {
		return err
	}

	config := fmt.Sprintf(`{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["%s"]}}`, diffID)
	configDigest := digestOf(config)
	if err := push(root, layer, size, func() (io.ReadCloser, error) { return compressed(tar) }); err != nil {
		return err
	}
	if err := push(root, configDigest, int64(len(config)), func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(config)), nil }); err != nil {
		return err
	}

	const manifestType = "application/vnd.docker.distribution.manifest.v2+json"
	manifest := fmt.Sprintf(`{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"%s"},`+
		`"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":%d,"digest":"%s"}]}`, manifestType, len(config), configDigest, size, layer)
	_, err = send(http.MethodPut, root+"/manifests/"+tag, strings.NewReader(manifest), int64(len(manifest)), manifestType, http.StatusCreated)
	return err
}

// compressed compresses in a goroutine of its own, so that who reads can hash beside it.
func compressed(tar string) (io.ReadCloser, error) {
	file, err := os.Open(tar)
	if err != nil {
		return nil, err
	}
	reader, writer := io.Pipe()
	go func() {
		defer file.Close()
		buffer := bufio.NewWriterSize(writer, 1<<17)
		gz, err := gzip.NewWriterLevel(buffer, gzip.BestSpeed)
		if err == nil {
			_, err = io.Copy(gz, file)
		}
		if err == nil {
			err = gz.Close()
		}
		if err == nil {
			err = buffer.Flush()
		}
		writer.CloseWithError(err)
	}()
	return reader, nil
}

func hashOf(open func() (io.ReadCloser, error)) (string, int64, error) {
	content, err := open()
	if err != nil {
		return "", 0, err
	}
	defer content.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, content)
	return "sha256:" + hex.EncodeToString(hash.Sum(nil)), size, err
}

func digestOf(text string) string {
	hash := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(hash[:])
}

func push(root, digest string, size int64, open func() (io.ReadCloser, error)) error {
	head, err := http.Head(root + "/blobs/" + digest)
	if err != nil {
		return err
	}
	head.Body.Close()
	if head.StatusCode == http.StatusOK {
		return nil
	}

	location, err := send(http.MethodPost, root+"/blobs/uploads/", bytes.NewReader(nil), 0, "application/json", http.StatusAccepted)
	if err != nil {
		return err
	}
	content, err := open()
	if err != nil {
		return err
	}
	if location, err = send(http.MethodPatch, location, content, size, "application/octet-stream", http.StatusAccepted); err != nil {
		return err
	}
	end, err := url.Parse(location)
	if err != nil {
		return err
	}
	query := end.Query()
	query.Set("digest", digest)
	end.RawQuery = query.Encode()
	_, err = send(http.MethodPut, end.String(), bytes.NewReader(nil), 0, "application/octet-stream", http.StatusCreated)
	return err
}

func send(method, address string, body io.Reader, size int64, mediaType string, want int) (string, error) {
	request, err := http.NewRequest(method, address, body)
	if err != nil {
		return "", err
	}
	request.ContentLength = size
	request.Header.Set("Content-Type", mediaType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != want {
		return "", fmt.Errorf("%s %s: %s", method, address, response.Status)
	}
	location := response.Header.Get("Location")
	if location == "" {
		return "", nil
	}
	next, err := request.URL.Parse(location)
	if err != nil {
		return "", err
	}
	return next.String(), nil
}
