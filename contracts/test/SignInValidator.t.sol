// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SignInValidator} from "../src/SignInValidator.sol";
import {SharedWallet, SharedWalletFactory} from "./support/SharedWallet.sol";
import {Actor, Signing} from "./support/Signing.sol";
import {BurningWallet, FloodingWallet, HonestWallet, ReadyWallet, RevertingWallet} from "./support/Wallets.sol";

contract SignInValidatorTest is Signing {
    bytes32 internal constant DIGEST = keccak256("digest");
    bytes32 internal constant SALT = keccak256("salt");
    bytes32 internal constant WRAPPED = 0x6492649264926492649264926492649264926492649264926492649264926492;
    Actor internal alice;
    Actor internal mallory;
    SharedWalletFactory internal factory;

    function setUp() public {
        (alice, mallory) = (_actor("Alice"), _actor("Mallory"));
        factory = new SharedWalletFactory();
    }

    /// @dev What an `eth_call` of the creation code answers. Reverts if the code does.
    function answer(address signer, bytes32 digest, bytes memory signature) external returns (bool) {
        bytes memory code = address(new SignInValidator(signer, digest, signature)).code;
        vm.assertEq(code.length, 1);
        vm.assertTrue(uint8(code[0]) < 2);
        return code[0] == 0x01;
    }

    function _says(address signer, bytes memory signature) internal returns (bool) {
        try this.answer(signer, DIGEST, signature) returns (bool valid) {
            return valid;
        } catch {
            return false;
        }
    }

    function _owners(Actor memory owner) internal pure returns (address[] memory owners) {
        owners = new address[](1);
        owners[0] = owner.account;
    }

    /// @dev The address of a wallet that is not there yet, how it is made, and what its owner signs for it.
    function _undeployed(Actor memory owner)
        internal
        returns (address account, bytes memory making, bytes memory signature)
    {
        address[] memory owners = _owners(owner);
        account = factory.addressOf(owners, 1, SALT);
        making = abi.encodeCall(SharedWalletFactory.create, (owners, 1, SALT));
        uint256 before = vm.snapshotState();
        factory.create(owners, 1, SALT);
        bytes32 digest = SharedWallet(payable(account)).messageDigest(DIGEST);
        vm.revertToState(before);
        signature = _sign(owner, digest);
    }

    function _wrap(address to, bytes memory making, bytes memory signature) internal pure returns (bytes memory) {
        return bytes.concat(abi.encode(to, making, signature), WRAPPED);
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_somebody_elses_key() public {
        vm.assertFalse(_says(alice.account, _sign(mallory, DIGEST)));
        vm.assertFalse(_says(address(0), new bytes(65)));
        vm.assertFalse(_says(alice.account, ""));
    }

    function testFuzz_refuses_rubbish(address signer, bytes memory rubbish) public {
        vm.assume(signer.code.length == 0);
        vm.assertFalse(_says(signer, rubbish));
    }

    /// @dev However the words before the suffix point: it reverts or says no.
    function testFuzz_refuses_rubbish_with_the_suffix(bytes memory rubbish) public {
        vm.assertFalse(_says(alice.account, bytes.concat(rubbish, WRAPPED)));
    }

    function test_refuses_the_suffix_alone() public {
        vm.assertFalse(_says(alice.account, bytes.concat(WRAPPED)));
    }

    function test_refuses_a_wallet_whose_owner_did_not_sign() public {
        vm.assertFalse(_says(address(new HonestWallet(alice.account)), _sign(mallory, DIGEST)));
        (address account, bytes memory making,) = _undeployed(alice);
        vm.assertFalse(_says(account, _wrap(address(factory), making, _sign(mallory, DIGEST))));
        vm.assertFalse(_says(account, _wrap(address(factory), making, _sign(alice, DIGEST))));
    }

    function test_refuses_a_factory_that_makes_another_wallet() public {
        (address account,,) = _undeployed(alice);
        (, bytes memory making, bytes memory signature) = _undeployed(mallory);
        vm.assertFalse(_says(account, _wrap(address(factory), making, signature)));
        vm.assertFalse(_says(alice.account, _wrap(address(factory), making, signature)));
    }

    function test_refuses_a_factory_that_makes_nothing() public {
        (address account, bytes memory making, bytes memory signature) = _undeployed(alice);
        vm.assertFalse(_says(account, _wrap(address(new RevertingWallet()), making, signature)));
        vm.assertFalse(_says(account, _wrap(mallory.account, making, signature)));
        vm.assertFalse(_says(account, signature));
    }

    /// @dev A key that is nobody's wallet stays a key: the wrapper needs code at the account.
    function test_refuses_a_wrapped_signature_of_a_key() public {
        vm.assertFalse(_says(alice.account, _wrap(address(factory), "", _sign(alice, DIGEST))));
    }

    function test_refuses_wallets_and_factories_that_burn_all_gas() public {
        address burner = address(new BurningWallet());
        uint256 before = gasleft();
        vm.assertFalse(_says(burner, _sign(alice, DIGEST)));
        vm.assertLe(before - gasleft(), 300_000, "gas of a burning wallet");
        (address account, bytes memory making, bytes memory signature) = _undeployed(alice);
        try this.answer{gas: 5_000_000}(account, DIGEST, _wrap(burner, making, signature)) returns (bool valid) {
            vm.assertFalse(valid);
        } catch {}
        try this.answer{gas: 5_000_000}(burner, DIGEST, _wrap(burner, making, signature)) returns (bool valid) {
            vm.assertFalse(valid);
        } catch {}
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function testFuzz_takes_the_signature_of_a_key(uint256 key) public {
        key = 1 + key % 1e40;
        Actor memory somebody = Actor(vm.addr(key), key);
        vm.assertTrue(_says(somebody.account, _sign(somebody, DIGEST)));
    }

    function test_takes_the_signature_of_a_wallet() public {
        vm.assertTrue(_says(address(new HonestWallet(alice.account)), _sign(alice, DIGEST)));
        vm.assertTrue(_says(address(new FloodingWallet()), ""));
    }

    function test_takes_the_signature_of_a_wallet_that_is_not_deployed() public {
        (address account, bytes memory making, bytes memory signature) = _undeployed(alice);
        vm.assertTrue(_says(account, _wrap(address(factory), making, signature)));
    }

    function test_takes_the_wrapped_signature_of_a_wallet_that_was_deployed_since() public {
        (address account, bytes memory making, bytes memory signature) = _undeployed(alice);
        factory.create(_owners(alice), 1, SALT);
        vm.assertTrue(account.code.length != 0);
        vm.assertTrue(_says(account, _wrap(address(factory), making, signature)));
        vm.assertTrue(_says(account, signature));
    }

    function test_takes_the_signature_of_a_wallet_that_has_to_be_made_ready() public {
        address account = address(new ReadyWallet());
        vm.assertFalse(_says(account, ""));
        vm.assertTrue(_says(account, _wrap(account, abi.encodeCall(ReadyWallet.prepare, ()), "")));
    }
}
