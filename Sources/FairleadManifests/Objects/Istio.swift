/// The objects of `networking.istio.io` that decide where calls go.
package enum Istio {}
