/// The objects of Kubernetes' own APIs that decide where calls go.
package enum Kubernetes {}
