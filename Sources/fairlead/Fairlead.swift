import ArgumentParser
@main struct Fairlead: ParsableCommand { func run() {} }
