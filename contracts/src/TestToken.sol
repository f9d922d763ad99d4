// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title TestToken
/// @notice Play money for the embedded network and for tests: its owner mints at will. Worth nothing anywhere.
contract TestToken is ERC20, ERC20Permit, Ownable {
    constructor(address owner) ERC20("Granary Test Dollar", "gUSD") ERC20Permit("Granary Test Dollar") Ownable(owner) {}

    /// @notice Mints. Owner only.
    function mint(address account, uint256 amount) external onlyOwner {
        _mint(account, amount);
    }
}
